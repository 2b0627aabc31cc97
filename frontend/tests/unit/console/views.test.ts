import { describe, expect, it } from "vitest";
import type { Found } from "$lib/api/types";
import { joined } from "../../../apps/console/agent/found.svelte";
import { saved, shownBy } from "../../../apps/console/agent/views.svelte";

const filter = { view: "all", status: "resolved", q: "ada", tag: "vip", team: "t1" } as const;

describe("saved views", () => {
  it("show again what was saved", () => {
    expect(shownBy(saved(filter))).toEqual(filter);
    const plain = { ...filter, q: "", tag: "", team: "" };
    expect(saved(plain)).toEqual({ view: "all", status: "resolved" });
    expect(shownBy(saved(plain))).toEqual(plain);
  });

  it("leave out what this version does not know, and the queue is open", () => {
    expect(shownBy({ view: "starred", status: "later", tag: null })).toEqual({
      view: "all",
      status: "open",
      q: "",
      tag: "",
      team: "",
    });
    expect(shownBy({ view: "queue", status: "resolved" }).status).toBe("open");
  });
});

describe("pages of what was found", () => {
  const hit = (seq: number) => ({
    seq,
    at: "2026-11-26T10:00:00Z",
    kind: "message",
    author: { kind: "visitor", name: "Ada" },
    parts: [{ text: "x", found: true }],
  });
  const found = (id: string, ...seqs: number[]): Found =>
    ({ conversation: { id }, hits: seqs.map(hit) }) as unknown as Found;

  it("are one list, each conversation once", () => {
    const all = joined([found("a", 9, 7), found("b", 3)], [found("b", 2, 1), found("c", 5)]);
    expect(all.map((one) => [one.conversation.id, ...one.hits.map((h) => h.seq)])).toEqual([
      ["a", 9, 7],
      ["b", 3, 2, 1],
      ["c", 5],
    ]);
  });
});
