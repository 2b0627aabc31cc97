import { localeOfTexts } from "$lib/i18n/locale";
import { translator } from "$lib/i18n/translator";

/** Words about files. */
export const en = {
  attached: "Files to send",
  files: "Files",
  uploading: "Uploading",
  ready: "Ready to send",
  cancel: "Cancel {name}",
  remove: "Remove {name}",
  again: "Try again",
  againName: "Try {name} again",
  failed: "Not uploaded.",
  tooMany: { one: "At most {n} file a message.", other: "At most {n} files a message." },
  lost: "The connection was lost. It may also be too large.",
  saidUploading: "{name} is being uploaded.",
  saidReady: "{name} is ready to send.",
  saidFailed: "{name} was not uploaded. {why}",
  saidRemoved: "{name} is removed.",
  open: "Show {name} larger",
  download: "Download",
  downloadName: "Download {name}, {size}",
  loading: "Loading…",
  missing: "{name} could not be loaded.",
  bytes: "{n} bytes",
  kilobytes: "{size} KB",
  megabytes: "{size} MB",
} as const;

export const f = translator(en, "files");

/** A size as people say it. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return f("bytes", { n: bytes });
  const [value, unit] =
    bytes < 1024 * 1024
      ? ([bytes / 1024, "kilobytes"] as const)
      : ([bytes / (1024 * 1024), "megabytes"] as const);
  const digits = { maximumFractionDigits: value < 10 ? 1 : 0 };
  return f(unit, { size: value.toLocaleString(localeOfTexts(), digits) });
}
