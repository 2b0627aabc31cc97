import { describe, expect, it } from "vitest";
import { calendarDay, decimal, duration, percent, whole } from "$lib/i18n/figures";
import { axisTop, marked } from "$lib/ui/bars";

describe("figures", () => {
  it.each([
    [0, "0s"],
    [42, "42s"],
    [60, "1m"],
    [185, "3m 5s"],
    [7_800, "2h 10m"],
    [86_400, "1d"],
    [4 * 86_400 + 3_700, "4d 1h"],
  ])("shows %i seconds in at most two units", (seconds, text) => {
    expect(duration(seconds).replaceAll(/(?<=\d)\s/gu, "")).toBe(text);
  });

  it("writes numbers as people read them", () => {
    expect(whole(12_345)).toBe("12,345");
    expect(decimal(14 / 3)).toBe("4.7");
    expect([percent(1, 3), percent(0, 0)]).toEqual(["33%", "0%"]);
  });

  it("shows a calendar day whatever the zone, and what is none as it is", () => {
    expect(calendarDay("2026-11-01")).toMatch(/1/);
    expect(calendarDay("2026-11-01")).toMatch(/Nov/);
    expect(calendarDay("someday")).toBe("someday");
  });
});

describe("bars", () => {
  it.each([
    [[], 2],
    [[0, 0], 2],
    [[1], 2],
    [[3], 4],
    [[9, 2], 10],
    [[10], 10],
    [[11], 20],
    [[37], 40],
    [[401], 500],
    [[999], 1_000],
  ])("%j fit below %i", (values, top) => {
    expect(axisTop(values)).toBe(top);
  });

  it("labels all of a few bars, and three of many", () => {
    expect(marked(3)).toEqual([0, 1, 2]);
    expect(marked(24)).toEqual([0, 11, 23]);
    expect(marked(0)).toEqual([]);
  });
});
