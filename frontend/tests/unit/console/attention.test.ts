import { describe, expect, it } from "vitest";
import type { Summary } from "$lib/api/types";
import { calls, isQuiet, minuteOf, type Known } from "../../../apps/console/agent/attention";

const ME = "maya";
const SINCE = Date.parse("2026-11-26T10:00:00Z");

function summary(id: string, owner: string | null, changes: Partial<Summary> = {}): Summary {
  return {
    id,
    status: "open",
    owner: owner ? { kind: "agent", id: owner } : { kind: "queue" },
    fence: 1,
    head: 1,
    visitor: { id: "v" },
    tags: [],
    created_at: "2026-11-26T09:00:00Z",
    updated_at: "2026-11-26T09:00:00Z",
    unread: 0,
    ...changes,
  };
}

const heard = (known: Record<string, Known>, ...summaries: Summary[]): string[] =>
  calls(new Map(Object.entries(known)), summaries, ME, (s) => s.unread ?? 0, SINCE).map(
    ({ kind, summary: { id } }) => `${kind} ${id}`,
  );

describe("what calls an agent", () => {
  it("is a conversation that has become theirs", () => {
    expect(heard({ a: { unread: 0, mine: false } }, summary("a", ME))).toEqual(["given a"]);
    expect(heard({ a: { unread: 0, mine: true } }, summary("a", ME))).toEqual([]);
    expect(heard({ a: { unread: 0, mine: false } }, summary("a", "noor"))).toEqual([]);
  });

  it("is a new one that was theirs at first sight, but no list that is loaded", () => {
    expect(heard({}, summary("a", ME))).toEqual([]);
    expect(heard({}, summary("a", ME, { updated_at: "2026-11-26T10:00:01Z" }))).toEqual(["given a"]);
  });

  it("is a message that was not read, in an open conversation of theirs", () => {
    const known = { a: { unread: 1, mine: true } };
    expect(heard(known, summary("a", ME, { unread: 2 }))).toEqual(["message a"]);
    expect(heard(known, summary("a", ME, { unread: 1 }))).toEqual([]);
    expect(heard(known, summary("a", ME, { unread: 2, status: "snoozed" }))).toEqual([]);
    expect(heard({ a: { unread: 0, mine: false } }, summary("a", null, { unread: 2 }))).toEqual([]);
  });
});

describe("quiet hours", () => {
  it("may go over midnight", () => {
    const night = { from: "20:00", to: "08:00" };
    expect(
      ["19:59", "20:00", "23:59", "00:00", "07:59", "08:00"].map((at) => isQuiet(night, minuteOf(at))),
    ).toEqual([false, true, true, true, true, false]);
  });

  it("may lie within a day, or be none", () => {
    expect(isQuiet({ from: "12:00", to: "13:00" }, minuteOf("12:30"))).toBe(true);
    expect(isQuiet({ from: "12:00", to: "13:00" }, minuteOf("13:00"))).toBe(false);
    expect(isQuiet({ from: "12:00", to: "12:00" }, minuteOf("12:00"))).toBe(false);
    expect(isQuiet(null, 0)).toBe(false);
  });
});
