import { browserLocale } from "$lib/i18n/format";
import { translator } from "$lib/i18n/translator";

/** Words about automations that are reached over HTTPS. */
const en = {
  add: "Add web hook",
  addTitle: "An automation behind a web hook",
  editTitle: "Change {name}",
  edit: "Change…",
  try: "Try it…",
  tryTitle: "Try {name}",
  tryText: "Sends a turn as a visitor's message would, signed. No conversation comes of it.",
  tryMessage: "Message",
  trySample: "Hello, where is my order?",
  trySend: "Send",
  tryAnswered: "Answered",
  tryFailed: "Failed",
  tryTook: "{n} ms",
  trySilent: "It says nothing.",
  tryWaits: "Then it waits for the visitor.",
  tryResolves: "Then the conversation is over.",
  tryHandsOver: "Then people take over",
  tryHandsOverTo: "Then it hands over to {to}",
  tryBecause: "{where}: {reason}",
  tryTags: "Tags: {tags}",
  rotate: "New secret…",
  remove: "Delete…",
  actions: "Actions for {name}",
  name: "Name",
  nameHint: "For programs: 1 to 26 of a–z, 0–9, underscore and hyphen. It cannot be changed.",
  title: "Title",
  titleHint: "What visitors read.",
  description: "Description",
  descriptionHint: "What it does, in a sentence.",
  url: "Address",
  urlHint: "Turns are sent there as signed POST requests, over HTTPS.",
  secretOld: "The secret before is good until {time}.",
  secretInactive: "Switch the automation on when your server is ready.",
  done: "Done",
  rotateTitle: "Make another secret for {name}?",
  rotateText:
    "Requests carry a signature with either secret for 24 hours, so that your server can change in between.",
  rotateConfirm: "Make secret",
  removeTitle: "Delete {name}?",
  removeText: "Its conversations go to people at once. Nothing that was said is lost.",
  removeConfirm: "Delete",
  removed: "Deleted.",
  via: "Web hook {url}",

  auditAdded: "Added a web hook",
  auditChanged: "Changed a web hook",
  auditRotated: "Made another secret of a web hook",
  auditDeleted: "Deleted a web hook",
} as const;

/** Text about web hooks. */
export const hookText = translator(en, browserLocale());
