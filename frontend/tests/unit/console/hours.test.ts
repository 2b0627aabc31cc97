import { describe, expect, it } from "vitest";
import { givenEnd, hoursText, nextSpan, shownEnd, usualHours } from "../../../apps/console/admin/hours";

const day = (from: string, to: string) => [{ from, to }];

describe("business hours", () => {
  it("are told in one line, days of the same hours together", () => {
    expect(hoursText(usualHours())).toBe("Mon–Fri 09:00–17:00");
    const week = [day("09:00", "12:00"), [], day("09:00", "12:00"), [], [], day("22:00", "24:00"), []];
    expect(hoursText({ zone: "UTC", week })).toBe("Mon 09:00–12:00, Wed 09:00–12:00, Sat 22:00–24:00");
    expect(hoursText({ zone: "UTC", week: Array.from({ length: 7 }, () => []) })).toBe("");
  });

  it("end with the day at midnight, as a time field can say it", () => {
    expect(shownEnd("24:00")).toBe("00:00");
    expect(givenEnd("00:00")).toBe("24:00");
    expect(givenEnd(shownEnd("17:30"))).toBe("17:30");
  });

  it("go on after the last stretch while there is something left of the day", () => {
    expect(nextSpan([])).toEqual({ from: "09:00", to: "17:00" });
    expect(nextSpan(day("09:00", "12:00"))).toEqual({ from: "12:00", to: "24:00" });
    expect(nextSpan(day("09:00", "24:00"))).toBeNull();
    const many = Array.from({ length: 6 }, (_, n) => ({ from: `0${n}:00`, to: `0${n}:30` }));
    expect(nextSpan(many)).toBeNull();
  });
});
