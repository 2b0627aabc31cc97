/** Which language things are said in, and in whose way dates and numbers are written. */

/** The language of the dictionaries. Their plural forms and the dates between their words are this language's. */
const TEXTS = "en";

/** The reader's language, as the browser says: for who wants to know it, not for what is written here. */
export function browserLocale(): string {
  return globalThis.navigator?.language || TEXTS;
}

/** The reader's time zone, such as `Europe/Berlin`. */
export function browserZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
}

/** The language of the texts as the reader's region writes it: `en-GB` stays, `ja` becomes `en-JP`. */
export function localeOfTexts(reader: string = browserLocale()): string {
  try {
    const { language, region } = new Intl.Locale(reader).maximize();
    if (language === TEXTS) return reader;
    return region ? `${TEXTS}-${region}` : TEXTS;
  } catch {
    // Some systems give what is no language tag, such as `en-US@posix`.
    return TEXTS;
  }
}
