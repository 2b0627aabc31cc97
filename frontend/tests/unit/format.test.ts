import { describe, expect, it } from "vitest";
import { dayKey, dayName, initials, waited } from "$lib/i18n/format";

const NOW = new Date(2026, 10, 23, 12, 0, 0).getTime();
const SECOND = 1_000;

describe("waited", () => {
  it.each([
    [0, "0:00"],
    [42, "0:42"],
    [725, "12:05"],
    [3_599, "59:59"],
  ])("shows %i seconds as a clock", (seconds, text) => {
    expect(waited(NOW - seconds * SECOND, NOW)).toBe(text);
  });

  it("turns to hours and days, and never runs backwards", () => {
    expect(waited(NOW - 2 * 3_600 * SECOND, NOW)).toMatch(/^2\s?h/);
    expect(waited(NOW - 3 * 86_400 * SECOND, NOW)).toMatch(/^3\s?d/);
    expect(waited(NOW + 5 * SECOND, NOW)).toBe("0:00");
  });
});

describe("days", () => {
  it("names today and yesterday by the calendar, not by 24 hours", () => {
    const late = new Date(2026, 10, 22, 23, 59).getTime();
    expect(dayName(NOW - 1, NOW)).toBe("Today");
    expect(dayName(late, NOW)).toBe("Yesterday");
    expect(dayKey(late)).not.toBe(dayKey(NOW));
  });

  it("adds the year only to another year", () => {
    expect(dayName(new Date(2026, 9, 1).getTime(), NOW)).not.toContain("2026");
    expect(dayName(new Date(2025, 9, 1).getTime(), NOW)).toContain("2025");
  });
});

describe("initials", () => {
  it.each([
    ["Maya Lindqvist", "ML"],
    ["maya", "M"],
    ["  Anne Marie  de Vries ", "AV"],
    ["🙂 Smile", "🙂S"],
    ["", "?"],
  ])("of %j are %j", (name, letters) => {
    expect(initials(name)).toBe(letters);
  });
});
