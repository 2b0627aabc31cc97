import type { Entry, EventBody, Owner } from "$lib/api/types";
import { fullTime } from "$lib/i18n/format";
import { t } from "./texts";

/** An event as a quiet line. Null for what this console does not know: events are an open set. */
export function eventText(
  entry: Entry,
  body: EventBody,
  teamName: (id: string) => string | undefined,
): string | null {
  const who = entry.author.name || (entry.author.kind === "visitor" ? t("visitor") : t("system"));
  const byVisitor = entry.author.kind === "visitor";
  const owner = body["to"] as Partial<Owner> | undefined;
  const team = typeof body["team"] === "string" ? teamName(body["team"]) : undefined;
  const to = owner?.kind === "queue" || !owner?.name ? (team ?? t("theQueue")) : owner.name;
  const reason = typeof body["reason"] === "string" ? body["reason"] : "";
  switch (body.event) {
    case "started":
      return owner?.kind === "automation"
        ? t("eventStartedAutomation", { who, to })
        : t("eventStartedPeople", { who });
    case "handed_off":
      if (byVisitor) return t("eventHandedOffVisitor", { who });
      return reason ? t("eventHandedOffReason", { who, reason }) : t("eventHandedOff", { who });
    case "queued":
      return t("eventQueued");
    case "assigned":
      return body["claimed"] === true ? t("eventClaimed", { to }) : t("eventAssigned", { to });
    case "transferred":
      return t("eventTransferred", { who, to });
    case "requeued":
      return requeued(reason);
    case "left_message":
      return t("eventLeftMessage", { who: t("visitor") });
    case "resolved":
      return byVisitor ? t("eventResolvedVisitor", { who }) : t("eventResolved", { who });
    case "reopened":
      if (reason === "snooze_over") return t("eventSnoozeOver");
      return byVisitor ? t("eventReopenedWriting", { who }) : t("eventReopened", { who });
    case "snoozed":
      return t("eventSnoozed", { who, time: fullTime(String(body["until"] ?? "")) });
    default:
      return null;
  }
}

function requeued(reason: string): string {
  switch (reason) {
    case "offline":
      return t("eventRequeuedOffline");
    case "vanished":
      return t("eventRequeuedVanished");
    case "deactivated":
      return t("eventRequeuedDeactivated");
    case "no_answer":
      return t("eventRequeuedNoAnswer");
    default:
      return t("eventRequeued");
  }
}
