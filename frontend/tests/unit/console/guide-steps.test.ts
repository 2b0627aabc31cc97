import { describe, expect, it } from "vitest";
import * as flow from "../../../apps/console/admin/guides/steps";
import type { Step } from "../../../apps/console/admin/guides/steps";

const steps: Step[] = ["a", "b", "c"].map((id) => ({ id, kind: "resolve" }));
const ids = (list: readonly Step[]): string => list.map((step) => step.id).join("");

describe("steps of a guide", () => {
  it("move by one place and stay at the ends", () => {
    expect(ids(flow.moved(steps, 0, 1))).toBe("bac");
    expect(ids(flow.moved(steps, 2, -1))).toBe("acb");
    expect(ids(flow.moved(steps, 0, -1))).toBe("abc");
    expect(ids(flow.moved(steps, 2, 1))).toBe("abc");
  });

  it("are new with an id that no other has, and come where they are wanted", () => {
    const first = flow.fresh("say", steps);
    const second = flow.fresh("say", [...steps.slice(1), first]);
    expect(first.id).toBe("say-4");
    expect(second.id).not.toBe(first.id);
    expect(flow.fresh("ask", [])["answer"]).toBe("text");
    expect(ids(flow.inserted(steps, 1, { id: "x", kind: "say" }))).toBe("axbc");
    // What one step is given is not shared with the next.
    flow.optionsOf(flow.fresh("choose", [])).push({ label: "x" });
    expect(flow.optionsOf(flow.fresh("choose", []))).toHaveLength(2);
  });

  it("come back where they were, beside whatever was changed since", () => {
    const [gone, rest] = [{ id: "b", kind: "say" }, steps.filter((step) => step.id !== "b")];
    const since = flow.inserted(rest, 2, { id: "x", kind: "say" });
    expect(ids(flow.restored(since, 1, gone))).toBe("abcx");
    const taken = flow.restored([...rest, { id: "b", kind: "tag" }], 1, gone);
    expect(taken[1]?.id).toBe("say-4");
    expect(new Set(taken.map((step) => step.id)).size).toBe(4);
  });

  it("leave out what they may do without when it is emptied, and keep the rest", () => {
    const said = flow.changed({ id: "a", kind: "say", text: "x", next: "b" }, "next", "");
    expect(said).toEqual({ id: "a", kind: "say", text: "x" });
    expect(flow.changed(said, "text", "")).toEqual({ id: "a", kind: "say", text: "" });
    expect(flow.changed({ id: "a", kind: "ask", save: "x" }, "save", "")["save"]).toBe("");
    expect("save" in flow.changed({ id: "a", kind: "choose", save: "x" }, "save", "")).toBe(false);
  });

  it("keep those that go to them when they get another id", () => {
    const before: Step[] = [
      { id: "Bad!", kind: "say", text: "x" },
      {
        id: "c",
        kind: "choose",
        text: "?",
        options: [{ label: "y", next: "Bad!" }, { label: "n" }],
        failed: "Bad!",
      },
    ];
    const after = flow.renamed(before, 0);
    expect(after[0]?.id).toBe("say-3");
    expect(after[1]?.["failed"]).toBe("say-3");
    expect(flow.optionsOf(after[1] as Step)).toEqual([{ label: "y", next: "say-3" }, { label: "n" }]);
    // Where two have one id the other one keeps it, and with it those that go there.
    const twice: Step[] = [
      { id: "a", kind: "say", next: "a" },
      { id: "a", kind: "tag" },
    ];
    expect(flow.renamed(twice, 1)).toEqual([
      { id: "a", kind: "say", next: "a" },
      { id: "tag-3", kind: "tag" },
    ]);
    expect(new Set(flow.keyed(twice).map((row) => row.key)).size).toBe(2);
  });

  it("are read whatever a file said", () => {
    expect(flow.optionsOf({ id: "a", kind: "choose", options: [1, { label: "x", next: 2 }] })).toEqual([
      { label: "" },
      { label: "x" },
    ]);
    expect(flow.optionsOf({ id: "a", kind: "choose", options: "x" })).toEqual([]);
    expect(flow.testOf({ id: "a", kind: "condition", test: { is: "equals", key: "k", value: 1 } })).toEqual({
      is: "equals",
      key: "k",
    });
    expect(flow.testOf({ id: "a", kind: "condition" }).is).toBe("known");
    expect(flow.gist({ id: "a", kind: "say", text: `${"x".repeat(60)}\n y` })).toHaveLength(48);
  });

  it("ask about one thing or another", () => {
    const equals = { is: "equals", key: "plan", value: "gold" };
    expect(flow.subject(equals)).toBe("key:plan");
    expect(flow.asking("key:tier", equals)).toEqual({ is: "equals", key: "tier", value: "gold" });
    expect(flow.asking("page", equals)).toEqual({ is: "page", pattern: "" });
    expect(flow.asking("key:name", { is: "page", pattern: "x" })).toEqual({ is: "known", key: "name" });
    const kept: Step[] = [
      { id: "a", kind: "ask", save: "plan" },
      { id: "b", kind: "set", key: "tier" },
      { id: "c", kind: "choose" },
    ];
    expect(flow.keysOf(kept)).toEqual(["name", "email", "plan", "tier"]);
  });

  it("are told what is wrong with them wherever they have moved", () => {
    const found = [
      { place: 0, step: "a", field: "next", text: "no" },
      { place: 2, field: "step", text: "what" },
    ];
    const now = flow.moved(steps, 0, 1);
    expect(flow.problemsOf(found, now, 1)).toEqual([found[0]]);
    expect(flow.problemsOf(found, now, 0)).toEqual([]);
    expect(flow.problemsOf(found, now, 2)).toEqual([found[1]]);
    expect(flow.refused({ "steps.1.text": 'step "b": write something', edition: "?" }, steps)).toEqual([
      { place: 1, step: "b", field: "text", text: "write something" },
      { field: "edition", text: "?" },
    ]);
  });

  it("keep of a web hook's answer what is written one after the other", () => {
    expect(flow.keysIn(" plan, orders;  vip\n")).toEqual(["plan", "orders", "vip"]);
    const step = flow.changed(flow.fresh("call", steps), "keep", ["plan", "vip"]);
    expect(flow.keptOf(step)).toEqual(["plan", "vip"]);
    expect(flow.keptOf({ ...step, keep: ["plan", 7, null] })).toEqual(["plan"]);
    expect(flow.keysOf([...steps, step])).toEqual(["name", "email", "plan", "vip"]);
    expect("keep" in flow.changed(step, "keep", [])).toBe(false);
  });

  it("make a name of a title", () => {
    expect(flow.nameOf("  Grüß Gott, Reception & Co. of Vienna ")).toMatch(/^[a-z0-9-]{1,26}$/);
    expect(flow.nameOf("Reception")).toBe("reception");
    expect(flow.nameOf("日本")).toBe("");
  });
});
