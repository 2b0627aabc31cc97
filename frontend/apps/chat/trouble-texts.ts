import { translator } from "$lib/i18n/translator";

/** The words of what is told when there is no connection, or no way on. */
export const en = {
  connecting: "Connecting…",
  reconnecting: "Reconnecting…",
  offline: "No connection. What you write is kept and sent when it is back.",
  tryNow: "Try now",
  backOnline: "Back online",
  newVersion: "There is a new version of this page.",
  reload: "Reload",
  blockedTitle: "This chat is closed to you",
  blockedText: "If you think that this is a mistake, please reach us another way.",
  blockedUntil: "You can write here again from {time}.",
  brokenTitle: "This page must be loaded again",
  brokenText: "It and the server did not understand each other. Nothing that you sent is lost.",
} as const;

/** Text of what is told in trouble. */
export const troubleText = translator(en, "trouble");
