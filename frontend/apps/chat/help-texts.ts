import { translator } from "$lib/i18n/translator";

/** The words on the way to the help articles. */
export const en = {
  title: "Search our help",
  text: "Many answers are there already.",
} as const;

/** Text on the way to the help articles. */
export const helpText = translator(en, "help");
