/** Figures in the reader's language. */
import { localeOfTexts } from "./locale";

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;

type Unit = "second" | "minute" | "hour" | "day";

/** How long something took, in at most two units: `42s`, `3m 5s`, `2h 10m`, `4d 1h`. */
export function duration(seconds: number): string {
  if (seconds < MINUTE_S) return unit(seconds, "second");
  if (seconds < HOUR_S) return two(seconds, MINUTE_S, "minute", 1, "second");
  if (seconds < DAY_S) return two(seconds, HOUR_S, "hour", MINUTE_S, "minute");
  return two(seconds, DAY_S, "day", HOUR_S, "hour");
}

function two(seconds: number, big: number, name: Unit, small: number, rest: Unit): string {
  const left = Math.floor((seconds % big) / small);
  const first = unit(Math.floor(seconds / big), name);
  return left > 0 ? `${first} ${unit(left, rest)}` : first;
}

function unit(count: number, name: Unit): string {
  return new Intl.NumberFormat(localeOfTexts(), { style: "unit", unit: name, unitDisplay: "narrow" }).format(
    count,
  );
}

/** `1,234` */
export function whole(count: number): string {
  return new Intl.NumberFormat(localeOfTexts()).format(count);
}

/** `4.7` */
export function decimal(value: number): string {
  return new Intl.NumberFormat(localeOfTexts(), {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  }).format(value);
}

/** `42%` */
export function percent(part: number, all: number): string {
  const share = all > 0 ? part / all : 0;
  return new Intl.NumberFormat(localeOfTexts(), { style: "percent" }).format(share);
}

/** A calendar day `YYYY-MM-DD`, whatever the reader's zone: `26 Nov`. */
export function calendarDay(day: string): string {
  const format = new Intl.DateTimeFormat(localeOfTexts(), {
    day: "numeric",
    month: "short",
    timeZone: "UTC",
  });
  const at = Date.parse(`${day}T00:00:00Z`);
  return Number.isNaN(at) ? day : format.format(at);
}
