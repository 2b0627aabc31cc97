/** The state and the history of a conversation in the visitor's words. Pure. */
import type { Conversation, Entry, EventBody, Owner, QueuePlace } from "$lib/api/types";
import { t } from "./texts";

/** Queue places are exact up to 20; the next value means "more". */
const QUEUE_EXACT = 20;
const MINUTE_S = 60;

/** Who has it: the headline above the messages. */
export function ownerName(conversation: Conversation): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return t("ownerEnded");
  if (owner.kind === "queue") return t("ownerQueue");
  return owner.name ?? owner.id ?? t("ownerAgent");
}

/** The line under it. */
export function ownerText(conversation: Conversation): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return t("ended");
  if (owner.kind === "automation") return t("ownerAutomation");
  if (owner.kind === "queue") return conversation.queue ? queueText(conversation.queue) : t("queueUnknown");
  return t("ownerAgent");
}

/** "You are number 3 · about 4 minutes": the place and, if the server has an honest one, the estimate. */
export function queueText({ position, estimate_s }: QueuePlace): string {
  const place =
    position > QUEUE_EXACT
      ? t("queueMany")
      : position <= 1
        ? t("queueNext")
        : t("queuePlace", { place: position });
  return estimate_s == null ? place : `${place} · ${waitText(estimate_s)}`;
}

function waitText(seconds: number): string {
  return seconds < MINUTE_S ? t("queueSoon") : t("queueMinutes", { n: Math.round(seconds / MINUTE_S) });
}

/** What happened, or null for what does not concern the visitor. */
export function eventText(entry: Entry, body: EventBody): string | null {
  const to = ownerOf(body["to"]);
  switch (body.event) {
    case "started":
      return to?.kind === "automation"
        ? t("eventStarted", { name: to.name ?? to.id ?? "" })
        : t("eventStartedPeople");
    case "handed_off":
      return entry.author.kind === "automation"
        ? t("eventHandedOff", { name: entry.author.name })
        : entry.author.kind === "visitor"
          ? t("eventAskedForPerson")
          : t("eventQueued");
    case "queued":
      return t("eventQueued");
    case "assigned":
      return t("eventAssigned", { name: to?.name ?? entry.author.name });
    case "transferred":
      return to && to.kind !== "queue" && to.name
        ? t("eventTransferredAgent", { name: to.name })
        : t("eventTransferredQueue");
    case "requeued":
      return t("eventRequeued");
    case "left_message":
      return t("eventLeftMessage");
    case "resolved":
      return entry.author.kind === "visitor"
        ? t("eventResolvedYou")
        : t("eventResolved", { name: entry.author.name });
    case "reopened":
      return t("eventReopened");
    default:
      return null;
  }
}

function ownerOf(value: unknown): Owner | null {
  if (typeof value !== "object" || value === null) return null;
  return typeof (value as Owner).kind === "string" ? (value as Owner) : null;
}
