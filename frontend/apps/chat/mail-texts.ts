import { translator } from "$lib/i18n/translator";

/** Words for who comes by a link of an e-mail. */
export const en = {
  opening: "Opening your conversation",
  stoppedTitle: "No more e-mails",
  stoppedText: "You get no more e-mails about this conversation. Answers are still here when you come back.",
  goneTitle: "This link has ended",
  goneText: "Links in our e-mails are good for fourteen days. You can still write to us here.",
  failedTitle: "That did not work",
  again: "Try again",
  toChat: "Go to the chat",
} as const;

/** Text for who comes by a link of an e-mail. */
export const mailText = translator(en, "mail");
