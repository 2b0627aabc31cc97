import { translator } from "$lib/i18n/translator";

/** Words for who wants to keep a conversation. */
export const en = {
  title: "Keep this conversation",
  email: "E-mail address",
  hint: "You get it once, with a link that leads back here.",
  known: "It goes to {email}, with a link that leads back here.",
  wrong: "Enter an address like name@example.org.",
  send: "Send by e-mail",
  download: "Download",
  sent: "It is on its way to {email}.",
  close: "Close",
} as const;

/** Text for who wants to keep a conversation. */
export const keepText = translator(en, "transcript");
