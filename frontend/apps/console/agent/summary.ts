import type { Entry, Summary } from "$lib/api/types";
import { t } from "./texts";

/** What to call the visitor. */
export function visitorName(summary: Pick<Summary, "visitor"> | undefined): string {
  return summary?.visitor.name?.trim() || summary?.visitor.email || t("visitor");
}

/** What the server writes where a visitor gave no name. */
const NAMELESS = "Visitor";

/** Entries in which a visitor who gave no name is called as everywhere else. */
export function named(entries: readonly Entry[], name: string): readonly Entry[] {
  const nameless = ({ author }: Entry): boolean =>
    author.kind === "visitor" && (!author.name.trim() || author.name === NAMELESS);
  return entries.map((entry) => (nameless(entry) ? { ...entry, author: { ...entry.author, name } } : entry));
}

/** The line below the name, with "You:" where the last word is known to be ours. */
export function previewText(summary: Summary, me: string, entries: readonly Entry[] = []): string {
  if (!summary.preview) return t("noMessage");
  const last = entries.findLast((entry) => entry.kind === "message");
  const ours = last?.author.kind === "agent" && last.author.id === me;
  return ours ? t("you", { text: summary.preview }) : summary.preview;
}

/** Whether this agent has it. */
export function isMine(summary: Summary | undefined, me: string): boolean {
  return summary?.owner.kind === "agent" && summary.owner.id === me;
}

/** Who has it, in a few words. */
export function ownerText(summary: Summary, me: string): string {
  const { owner } = summary;
  if (isMine(summary, me)) return t("ownerMe");
  if (owner.kind === "queue") {
    const position = summary.queue?.position;
    if (!position) return t("ownerQueue");
    return position > 20 ? t("ownerQueueFar", { n: 20 }) : t("ownerQueuePlace", { n: position });
  }
  if (owner.kind === "none") return t("ownerNone");
  return t("ownerOther", { name: owner.name ?? owner.id ?? "" });
}
