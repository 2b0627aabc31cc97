import { translator } from "./translator";

/** The words of the kit itself, shared by all pages. */
export const en = {
  close: "Close",
  dismiss: "Dismiss",
  online: "Online",
  away: "Away",
  offline: "Offline",
  copy: "Copy",
  copied: "Copied",
  copyFailed: "Copying is not allowed here. Select the text instead.",
  send: "Send",
  attach: "Attach files",
  attachFailed: "Files cannot be attached now. Try again.",
  files: "Files",
  you: "You",
  tooLong: { one: "{n} character too many", other: "{n} characters too many" },
  charactersLeft: { one: "{n} character left", other: "{n} characters left" },
  loadOlder: "Show earlier messages",
  loadingOlder: "Loading earlier messages…",
  newMessages: "New",
  jumpToLatest: "Jump to latest",
  jumpToNew: { one: "{n} new message", other: "{n} new messages" },
  typing: "{name} is typing…",
  typingMany: "Several people are typing…",
  privateNote: "Private note",
  whisper: "Supervisor’s note",
  stateWaiting: "Will send when connected",
  stateSending: "Sending…",
  stateSent: "Sent",
  stateRead: "Read",
  stateFailed: "Not sent.",
  tryAgain: "Try again",
  remove: "Delete",
  loading: "Loading…",
  more: "Show more",
} as const;

/** Text of the kit. */
export const kit = translator(en, "kit");
