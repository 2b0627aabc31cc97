/** The days that a report is about, as the address of the page says them. Days are `YYYY-MM-DD` of the reader. */
import type { Period } from "$lib/api/staff";

/** Days that can be chosen at once. */
export const RANGES = ["1", "7", "28", "90"] as const;
/** The longest report, in days; the server's limit. */
export const DAYS_MAX = 92;

/** `own`: two days of one's own. */
export type Range = (typeof RANGES)[number] | "own";

/** What the page's address says. */
export interface Chosen {
  range: Range;
  from: string;
  to: string;
}

const DAY_MS = 86_400_000;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** The reader's day at a moment. */
export function dayOf(moment: number): string {
  const date = new Date(moment);
  const two = (n: number): string => String(n).padStart(2, "0");
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** So many days later, or earlier. */
export function plusDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days there are from one to another, both counted. */
export function countDays(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / DAY_MS) + 1;
}

/** Reads the address; what does not fit is the last seven days. */
export function readChosen(query: URLSearchParams, today: string): Chosen {
  const range = query.get("range") ?? "7";
  const [from, to] = [query.get("from") ?? "", query.get("to") ?? ""];
  if (range === "own" && isDay(from) && isDay(to)) return { range, from, to };
  const days = RANGES.find((days) => days === range) ?? "7";
  return { range: days, from: plusDays(today, 1 - Number(days)), to: today };
}

/** What stands in the address. */
export function writeChosen({ range, from, to }: Chosen): Record<string, string> {
  return range === "own" ? { range, from, to } : { range };
}

/** What is wrong with two days. */
export function wrongWith(from: string, to: string): "from" | "to" | "order" | "length" | null {
  if (!isDay(from)) return "from";
  if (!isDay(to)) return "to";
  if (to < from) return "order";
  return countDays(from, to) > DAYS_MAX ? "length" : null;
}

function isDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(`${text}T00:00:00Z`));
}

/** The question to the server, or null while the days do not fit. */
export function periodOf({ from, to }: Chosen, zone: string): Period | null {
  return wrongWith(from, to) ? null : { from, to, zone };
}
