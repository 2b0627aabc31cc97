import { describe, expect, it } from "vitest";
import {
  countDays,
  dayOf,
  periodOf,
  plusDays,
  readChosen,
  writeChosen,
  wrongWith,
} from "../../../apps/console/admin/report-days";

const TODAY = "2026-03-29";
const read = (query: string) => readChosen(new URLSearchParams(query), TODAY);

describe("the days of a report", () => {
  it("are the last seven when nothing or nonsense is said", () => {
    const week = { range: "7", from: "2026-03-23", to: TODAY };
    for (const query of ["", "range=3", "range=own", "range=own&from=x&to=y", "range=own&from=2026-13-01"]) {
      expect(read(query), query).toEqual(week);
    }
  });

  it("come back from the address as they were written", () => {
    for (const chosen of [
      { range: "1", from: TODAY, to: TODAY } as const,
      { range: "28", from: "2026-03-02", to: TODAY } as const,
      { range: "own", from: "2025-12-31", to: "2026-01-01" } as const,
    ]) {
      expect(read(new URLSearchParams(writeChosen(chosen)).toString())).toEqual(chosen);
    }
  });

  it("are counted by the calendar, over the change of the clocks as well", () => {
    expect(plusDays("2026-03-29", 1)).toBe("2026-03-30");
    expect(plusDays("2026-03-01", -1)).toBe("2026-02-28");
    expect(countDays("2026-03-28", "2026-03-30")).toBe(3);
    expect(dayOf(new Date(2026, 0, 5, 23, 59).getTime())).toBe("2026-01-05");
  });

  it("are not asked for while something is wrong with them", () => {
    expect(wrongWith("", TODAY)).toBe("from");
    expect(wrongWith(TODAY, "")).toBe("to");
    expect(wrongWith(TODAY, "2026-03-28")).toBe("order");
    expect(wrongWith("2026-01-01", "2026-04-03")).toBe("length");
    expect(wrongWith("2026-01-01", "2026-04-02")).toBeNull();
    expect(periodOf({ range: "own", from: TODAY, to: "2026-03-28" }, "UTC")).toBeNull();
    expect(periodOf({ range: "1", from: TODAY, to: TODAY }, "UTC")).toEqual({
      from: TODAY,
      to: TODAY,
      zone: "UTC",
    });
  });
});
