import { translator } from "$lib/i18n/translator";

/** Words of dialogs: pages that have none do not load them. */
const en = {
  discardQuestion: "Discard what you have entered?",
  discard: "Discard",
  keepEditing: "Keep editing",
} as const;

/** Text of dialogs. */
export const dialogText = translator(en);
