/** Which language things are said in, and in whose way dates and numbers are written. */

import { spoken } from "./language.svelte";

const ENGLISH = "en";

/** The reader's language, as the browser says: for who wants to know it, not for what is written here. */
export function browserLocale(): string {
  return globalThis.navigator?.language || ENGLISH;
}

/** The reader's time zone, such as `Europe/Berlin`. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/**
 * The language of the texts as its reader writes it: their plural forms and the dates between their words are of it. For
 * English without a region that of the browser counts: `en-GB` stays, `ja` becomes `en-JP`.
 */
export function localeOfTexts(): string {
  const { tag } = spoken();
  if (tag && tag !== ENGLISH) return tag;
  const reader = browserLocale();
  try {
    const { language, region } = new Intl.Locale(reader).maximize();
    if (language === ENGLISH) return reader;
    return region ? `${ENGLISH}-${region}` : ENGLISH;
  } catch {
    // Some systems give what is no language tag, such as `en-US@posix`.
    return ENGLISH;
  }
}
