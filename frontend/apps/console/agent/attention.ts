/** When an agent is called to the desk, and with which words. Pure. */
import type { Summary } from "$lib/api/types";
import { isMine } from "./summary";

/** Hours in which nothing sounds, as `HH:MM`; they may go over midnight. */
export interface QuietHours {
  from: string;
  to: string;
}

/** Whether `minute` (of the day) lies within them; equal ends mean never. */
export function isQuiet(hours: QuietHours | null, minute: number): boolean {
  if (!hours) return false;
  const [from, to] = [minuteOf(hours.from), minuteOf(hours.to)];
  if (from === to) return false;
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

export function minuteOf(time: string): number {
  const [hour = 0, minute = 0] = time.split(":").map(Number);
  return hour * 60 + minute;
}

/** What was known of one conversation. */
export interface Known {
  unread: number;
  mine: boolean;
}

/** What calls: a conversation that came to this agent, or a visitor's new message in one of theirs. */
export interface Call {
  kind: "given" | "message";
  summary: Summary;
}

/**
 * What has happened between what was known and what is. What was not known is news if something happened to it since
 * `since` (milliseconds); otherwise a list was loaded.
 */
export function calls(
  known: ReadonlyMap<string, Known>,
  summaries: Iterable<Summary>,
  me: string,
  unreadOf: (summary: Summary) => number,
  since: number,
): Call[] {
  const found: Call[] = [];
  for (const summary of summaries) {
    if (!isMine(summary, me) || summary.status !== "open") continue;
    const before = known.get(summary.id);
    const given = before ? !before.mine : new Date(summary.updated_at).getTime() >= since;
    if (given) found.push({ kind: "given", summary });
    else if (before && unreadOf(summary) > before.unread) found.push({ kind: "message", summary });
  }
  return found;
}
