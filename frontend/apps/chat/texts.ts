import { translator } from "$lib/i18n/translator";

/** The words of the first screen and of what every screen shares. */
export const en = {
  pageTitle: "Messages",
  unreadTitle: "({n}) {title}",
  welcome: "How can we help?",
  welcomeText: "Pick who should answer. You can ask for a person at any time.",
  automations: "Answers at once",
  people: "People",
  talkToPerson: "Talk to a person",
  available: "Available now",
  unavailable: "Nobody is available right now",
  unavailableText: "Leave a message. The next person answers it here.",
  leaveMessage: "Leave a message",
  opensAt: "Opens {time}",
  noAutomations: "No automations are switched on. People can still help.",
  loading: "Loading…",
  startFailed: "The conversation could not be started.",
  directoryFailed: "This page could not be loaded.",
  tryAgain: "Try again",
  tryingAgain: "We keep trying.",
  back: "All conversations",
  closeWindow: "Close",
  adviceOffline: "Check your connection, then try again.",
  adviceUnavailable: "The service is busy for a moment. Try again shortly.",
  adviceRateLimited: "That was too fast. Wait a moment, then try again.",
  adviceGone: "It is not there any more.",
  adviceReload: "Reload the page and try again.",
} as const;

/** Text of the first screen and of what every screen shares. */
export const t = translator(en, "first");
