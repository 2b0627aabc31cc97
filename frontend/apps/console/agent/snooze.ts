/** When a working day begins, in the agent's time. */
const MORNING_HOUR = 9;
const HOUR_MS = 3_600_000;

/** The usual ends of a snooze, seen from `now`. */
export function snoozeTimes(now: Date): Record<"hour" | "hours" | "tomorrow" | "week", Date> {
  const morning = (daysAhead: number): Date =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + daysAhead, MORNING_HOUR);
  // On a Monday, "next Monday" is a week away.
  const toMonday = (8 - now.getDay()) % 7 || 7;
  return {
    hour: new Date(now.getTime() + HOUR_MS),
    hours: new Date(now.getTime() + 3 * HOUR_MS),
    tomorrow: morning(1),
    week: morning(toMonday),
  };
}

/** What a date-and-time field understands: local, to the minute. */
export function toLocalInput(at: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}`;
}
