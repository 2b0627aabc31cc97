import { describe, expect, it } from "vitest";
import type { Summary } from "$lib/api/types";
import { applies, Selection } from "../../../apps/console/agent/bulk.svelte";

const ME = "maya";

function summary(status: string, owner: Summary["owner"]): Summary {
  return {
    id: "c",
    status,
    owner,
    fence: 1,
    head: 1,
    visitor: { id: "v" },
    tags: [],
    created_at: "2026-11-26T09:00:00Z",
    updated_at: "2026-11-26T09:00:00Z",
  };
}

describe("doing the same to several conversations", () => {
  it("offers what makes sense for one of them", () => {
    const mine = summary("open", { kind: "agent", id: ME });
    const queued = summary("open", { kind: "queue" });
    const over = summary("resolved", { kind: "none" });
    const fits = (s: Summary) =>
      (["claim", "resolve", "snooze", "tag", "priority"] as const).filter((deed) => applies(deed, s, ME));
    expect(fits(mine)).toEqual(["resolve", "snooze", "tag", "priority"]);
    expect(fits(queued)).toEqual(["claim", "tag", "priority"]);
    expect(fits(over)).toEqual(["tag", "priority"]);
  });

  it("ticks one, all, or none", () => {
    const selection = new Selection();
    selection.toggle("a");
    expect([selection.active, ...selection.ids]).toEqual([true, "a"]);
    selection.all(["a", "b"]);
    expect([...selection.ids]).toEqual(["a", "b"]);
    selection.all(["a", "b"]);
    expect(selection.ids.size).toBe(0);
    selection.toggle("b");
    selection.end();
    expect([selection.active, selection.ids.size]).toEqual([false, 0]);
  });
});
