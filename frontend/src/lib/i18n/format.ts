/** Times and durations as the reader writes them, in the language of the texts. Every function takes RFC 3339 or milliseconds. */
import { localeOfTexts } from "./locale";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

type Moment = string | number;
type Formats = Record<string, Intl.DateTimeFormatOptions>;

const FORMATS = {
  time: { hour: "2-digit", minute: "2-digit" },
  day: { weekday: "long", day: "numeric", month: "long" },
  dayAndYear: { day: "numeric", month: "long", year: "numeric" },
  short: { day: "numeric", month: "short" },
  shortAndYear: { day: "numeric", month: "short", year: "numeric" },
  full: { dateStyle: "medium", timeStyle: "short" },
  exact: { dateStyle: "medium", timeStyle: "medium" },
} satisfies Formats;

/** Formatters are costly to make and wanted for every line of a list. */
const made = new Map<string, Intl.DateTimeFormat>();

function formatted(moment: Moment, format: keyof typeof FORMATS): string {
  const locale = localeOfTexts();
  const key = `${locale} ${format}`;
  let formatter = made.get(key);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat(locale, FORMATS[format]);
    made.set(key, formatter);
  }
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? "" : formatter.format(date);
}

/** `09:04` */
export const clock = (moment: Moment): string => formatted(moment, "time");

/** `23 Nov 2026, 09:04` */
export const fullTime = (moment: Moment): string => formatted(moment, "full");

/** `23 Nov 2026, 09:04:31` */
export const exactTime = (moment: Moment): string => formatted(moment, "exact");

/** Identifies a calendar day of the reader, for day separators. */
export function dayKey(moment: Moment): string {
  const date = new Date(moment);
  return `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;
}

function daysBetween(moment: Moment, now: number): number {
  const midnight = (at: Date): number => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();
  return Math.round((midnight(new Date(now)) - midnight(new Date(moment))) / DAY_MS);
}

function sameYear(moment: Moment, now: number): boolean {
  return new Date(moment).getFullYear() === new Date(now).getFullYear();
}

/** `Today`, `Yesterday`, `Monday 23 November`, `23 November 2025`: the separator between days. */
export function dayName(moment: Moment, now: number = Date.now()): string {
  const days = daysBetween(moment, now);
  if (days === 0 || days === 1) {
    const words = new Intl.RelativeTimeFormat(localeOfTexts(), { numeric: "auto" }).format(-days, "day");
    return words.charAt(0).toLocaleUpperCase(localeOfTexts()) + words.slice(1);
  }
  return formatted(moment, sameYear(moment, now) ? "day" : "dayAndYear");
}

/** For list rows: the time today, otherwise the day. */
export function listTime(moment: Moment, now: number = Date.now()): string {
  if (daysBetween(moment, now) === 0) return clock(moment);
  return formatted(moment, sameYear(moment, now) ? "short" : "shortAndYear");
}

/** `3 minutes ago`, `yesterday`. */
export function ago(moment: Moment, now: number = Date.now()): string {
  const passed = now - new Date(moment).getTime();
  const relative = new Intl.RelativeTimeFormat(localeOfTexts(), { numeric: "auto" });
  if (passed < MINUTE_MS) return relative.format(0, "second");
  if (passed < HOUR_MS) return relative.format(-Math.floor(passed / MINUTE_MS), "minute");
  if (passed < DAY_MS) return relative.format(-Math.floor(passed / HOUR_MS), "hour");
  return relative.format(-Math.floor(passed / DAY_MS), "day");
}

/** A running wait: `0:42`, `12:05`, `2 h`, `3 d`. */
export function waited(since: Moment, now: number): string {
  const passed = Math.max(0, now - new Date(since).getTime());
  if (passed >= DAY_MS) return unit(Math.floor(passed / DAY_MS), "day");
  if (passed >= HOUR_MS) return unit(Math.floor(passed / HOUR_MS), "hour");
  const seconds = Math.floor(passed / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function unit(count: number, name: "day" | "hour"): string {
  return new Intl.NumberFormat(localeOfTexts(), { style: "unit", unit: name, unitDisplay: "narrow" }).format(
    count,
  );
}

/** Initials for an avatar: at most two letters. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const first = [...(words[0] ?? "")][0] ?? "?";
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + last).toLocaleUpperCase(localeOfTexts());
}
