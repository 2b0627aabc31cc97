import { describe, expect, it } from "vitest";
import type { Summary } from "$lib/api/types";
import { toasts } from "$lib/ui/toasts.svelte";
import { applies, Selection, type Deed } from "../../../apps/console/agent/bulk.svelte";
import type { Desk } from "../../../apps/console/agent/desk.svelte";

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

  it("says why those that a deed does not fit stay chosen", async () => {
    const known = new Map([
      ["mine", { ...summary("snoozed", { kind: "agent", id: ME }), id: "mine" }],
      ["other", { ...summary("open", { kind: "agent", id: "noor" }), id: "other" }],
      ["over", { ...summary("resolved", { kind: "none" }), id: "over" }],
    ]);
    const desk = { me: ME, store: { conversations: known } } as unknown as Desk;
    const told = async (ids: string[], deed: Deed): Promise<string | undefined> => {
      const selection = new Selection();
      for (const id of ids) selection.toggle(id);
      await selection.run(desk, deed);
      expect([...selection.ids]).toEqual(ids);
      return toasts.shown.at(-1)?.text;
    };
    expect(await told(["other", "over"], { kind: "resolve" })).toMatch(/^2 are not yours/);
    expect(await told(["mine"], { kind: "snooze", until: new Date() })).toMatch(/^1 is not open/);
    expect(await told(["other"], { kind: "claim" })).toMatch(/^1 is with somebody/);
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
