/** The state and the history of a conversation in the visitor's words. Pure. */
import type { Conversation, Entry, EventBody, Owner, QueuePlace } from "$lib/api/types";
import { c } from "./conversation-texts";

/** Queue places are exact up to 20; the next value means "more". */
const QUEUE_EXACT = 20;
const MINUTE_S = 60;

/** The line under it. */
export function ownerText(conversation: Conversation): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return c("ownerEnded");
  if (owner.kind === "automation") return c("ownerAutomation");
  if (owner.kind === "queue") return c("ownerQueueLine");
  return c("ownerAgent");
}

/** "You are number 3 · about 4 minutes": the place and, if the server has an honest one, the estimate. */
export function queueText({ position, estimate_s }: QueuePlace): string {
  const place =
    position > QUEUE_EXACT
      ? c("queueMany")
      : position <= 1
        ? c("queueNext")
        : c("queuePlace", { place: position });
  return estimate_s == null ? place : `${place} · ${waitText(estimate_s)}`;
}

function waitText(seconds: number): string {
  return seconds < MINUTE_S ? c("queueSoon") : c("queueMinutes", { n: Math.round(seconds / MINUTE_S) });
}

/** What happened, or null for what does not concern the visitor. */
export function eventText(entry: Entry, body: EventBody): string | null {
  const to = ownerOf(body["to"]);
  switch (body.event) {
    case "started":
      return to?.kind === "automation"
        ? c("eventStarted", { name: to.name ?? to.id ?? "" })
        : c("eventStartedPeople");
    case "handed_off":
      return entry.author.kind === "automation"
        ? c("eventHandedOff", { name: entry.author.name })
        : entry.author.kind === "visitor"
          ? c("eventAskedForPerson")
          : c("eventQueued");
    case "queued":
      return c("eventQueued");
    case "assigned":
      return c("eventAssigned", { name: to?.name ?? entry.author.name });
    case "transferred":
      return to && to.kind !== "queue" && to.name
        ? c("eventTransferredAgent", { name: to.name })
        : c("eventTransferredQueue");
    case "requeued":
      return c("eventRequeued");
    case "left_message":
      return c("eventLeftMessage");
    case "resolved":
      return entry.author.kind === "visitor"
        ? c("eventResolvedYou")
        : c("eventResolved", { name: entry.author.name });
    case "reopened":
      return c("eventReopened");
    default:
      return null;
  }
}

function ownerOf(value: unknown): Owner | null {
  if (typeof value !== "object" || value === null) return null;
  return typeof (value as Owner).kind === "string" ? (value as Owner) : null;
}
