/** A team's business hours as a form edits them, and in one line. Pure. */
import type { Hours, HoursSpan } from "$lib/api/types";
import { localeOfTexts } from "$lib/i18n/locale";

/** The end of a day, which a time field cannot hold: there it is midnight. */
const DAY_END = "24:00";
const MIDNIGHT = "00:00";

/** Most stretches of a day, and days on which a team is closed; the server's limits. */
export const MAX_SPANS = 6;
export const MAX_HOLIDAYS = 100;

/** Monday to Friday, nine to five, where the reader is. */
export function usualHours(): Hours {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  const week = Array.from({ length: 7 }, (_, day) => (day < 5 ? [{ from: "09:00", to: "17:00" }] : []));
  return { zone, week, holidays: [] };
}

/** The names of the days from Monday on. */
export function dayNames(width: "long" | "short" = "long"): string[] {
  const format = new Intl.DateTimeFormat(localeOfTexts(), { weekday: width, timeZone: "UTC" });
  // The fifth of January 1970 was a Monday.
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(1970, 0, 5 + day)));
}

/** What a time field shows for the end of a stretch, and back. */
export const shownEnd = (to: string): string => (to === DAY_END ? MIDNIGHT : to);
export const givenEnd = (to: string): string => (to === MIDNIGHT ? DAY_END : to);

/** The next stretch to offer for a day: after the last one, or nine to five. */
export function nextSpan(day: readonly HoursSpan[]): HoursSpan | null {
  const last = day.at(-1);
  if (!last) return { from: "09:00", to: "17:00" };
  if (last.to === DAY_END || day.length >= MAX_SPANS) return null;
  return { from: last.to, to: DAY_END };
}

/** `Mon–Fri 09:00–17:00, Sat 10:00–14:00`: days of the same hours together. */
export function hoursText({ week }: Hours): string {
  const names = dayNames("short");
  const text = (day: readonly HoursSpan[]): string => day.map(({ from, to }) => `${from}–${to}`).join(" ");
  const parts: { first: number; last: number; text: string }[] = [];
  week.forEach((day, place) => {
    const open = text(day);
    const before = parts.at(-1);
    if (open && before?.text === open && before.last === place - 1) before.last = place;
    else if (open) parts.push({ first: place, last: place, text: open });
  });
  const days = (first: number, last: number): string =>
    first === last ? (names[first] ?? "") : `${names[first] ?? ""}–${names[last] ?? ""}`;
  return parts.map((part) => `${days(part.first, part.last)} ${part.text}`).join(", ");
}
