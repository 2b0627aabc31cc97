/** The languages that visitors are spoken to in. English is always there; each other one is loaded when it is wanted. */
export const LANGUAGES = ["en", "de", "fr", "es", "nl", "it", "pt"] as const;

export type Language = (typeof LANGUAGES)[number];

/** How somebody wants to be spoken to: the language, and the whole tag, which also says how dates are written. */
export interface Choice {
  language: Language;
  tag: string;
}

/** The first of the wanted tags in whose language there are texts: of `ja` and `de-AT` the latter. */
export function choose(wanted: readonly string[]): Choice | null {
  for (const text of wanted) {
    try {
      // Sites write `de_DE` too; some systems give what is no tag at all.
      const { language: spoken, baseName: tag } = new Intl.Locale(text.replaceAll("_", "-"));
      const language = LANGUAGES.find((known) => known === spoken);
      if (language) return { language, tag };
    } catch {
      // The next one, then.
    }
  }
  return null;
}
