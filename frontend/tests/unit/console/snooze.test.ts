import { describe, expect, it } from "vitest";
import { snoozeTimes, toLocalInput } from "../../../apps/console/agent/snooze";
import { browserName } from "../../../apps/console/shared/browser-name";

describe("snoozeTimes", () => {
  it.each([
    ["a Monday", new Date(2026, 10, 23, 10, 30), 30],
    ["a Friday", new Date(2026, 10, 27, 10, 30), 30],
    ["a Sunday", new Date(2026, 10, 29, 23, 30), 30],
  ])("finds the coming Monday from %s", (_name, now, day) => {
    const { week, tomorrow } = snoozeTimes(now);
    expect([week.getDay(), week.getDate(), week.getHours()]).toEqual([1, day, 9]);
    expect(tomorrow.getDate()).toBe(new Date(now.getTime() + 86_400_000).getDate());
    expect(tomorrow.getHours()).toBe(9);
  });

  it("writes what a date-and-time field reads back", () => {
    const at = new Date(2026, 0, 5, 7, 3);
    expect(toLocalInput(at)).toBe("2026-01-05T07:03");
    expect(new Date(toLocalInput(at)).getTime()).toBe(at.getTime());
  });
});

describe("browserName", () => {
  it.each([
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"],
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36 Edg/141.0",
      "Edge on Windows",
    ],
    ["curl/8.5.0", "curl"],
  ])("of %j is %j", (agent, name) => {
    expect(browserName(agent)).toBe(name);
  });

  it("is null for nothing", () => expect(browserName("")).toBeNull());
});
