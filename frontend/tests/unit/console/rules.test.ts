import { describe, expect, it } from "vitest";
import * as rules from "../../../apps/console/admin/rules/rules";
import { sentence, type Names } from "../../../apps/console/admin/rules/sentence";

const NAMES: Names = {
  teams: [{ id: "t1", name: "Sales" }],
  webhooks: [{ id: "h1", name: "CRM" }],
  automations: [{ name: "faq", title: "FAQ" }],
};

describe("rules in the editor", () => {
  it("begins each kind of part with what it needs", () => {
    for (const kind of rules.TRIGGERS) expect(rules.freshTrigger(kind, "t1")["when"]).toBe(kind);
    for (const kind of rules.CONDITIONS) expect(rules.freshCondition(kind, "t1")["if"]).toBe(kind);
    for (const kind of rules.ACTIONS) expect(rules.freshAction(kind, { team: "t1" })["then"]).toBe(kind);
    expect(rules.freshAction("team", { team: "t1" })).toEqual({ then: "team", team: "t1" });
    expect(rules.freshCondition("team")).toEqual({ if: "team", team: null });
  });

  it("keeps what is looked for when the way of looking changes", () => {
    const words = rules.matching("words", "refund, money\nback money");
    expect(words).toEqual({ match: "words", words: ["refund", "money", "back"] });
    expect(rules.matching("phrase", rules.sought(words))).toEqual({
      match: "phrase",
      text: "refund, money, back",
    });
    expect(rules.sought(rules.matching("regex", "a+"))).toBe("a+");
  });

  it("shows times in the largest unit that fits", () => {
    expect([90, 300, 7_200, 172_800, 0].map(rules.unitOf)).toEqual([
      "second",
      "minute",
      "hour",
      "day",
      "second",
    ]);
  });

  it("moves parts and stays at the ends", () => {
    expect(rules.moved(["a", "b", "c"], 0, 1)).toEqual(["b", "a", "c"]);
    expect(rules.moved(["a", "b", "c"], 0, -1)).toEqual(["a", "b", "c"]);
  });

  it("puts reasons at their part, and keeps those of none", () => {
    expect(rules.problemsOf({ "actions.1": "x", "rule.name": "y", whatever: "z" })).toEqual({
      "actions.1": "x",
      name: "y",
      rest: "z",
    });
  });
});

describe("a rule in words", () => {
  it("says when, if and then", () => {
    const rule = {
      name: "Refunds",
      on: true,
      stop: false,
      trigger: { when: "message", pattern: { match: "words", words: ["refund"] } },
      conditions: [
        { if: "hours", team: "t1", open: false },
        { if: "email", known: true },
      ],
      actions: [
        { then: "team", team: "t1" },
        { then: "notify", webhook: "h1" },
      ],
    };
    expect(sentence(rule, NAMES)).toEqual([
      "When a message has “refund”",
      "if Sales is closed and the e-mail address is known",
      "then give it to Sales and notify CRM",
    ]);
  });

  it("names who opens and who closes", () => {
    const opens = { ...rules.freshRule(), trigger: rules.freshTrigger("hours", "t1") };
    expect(sentence(opens, NAMES)[0]).toBe("When Sales opens");
    const closes = { ...opens, trigger: { when: "hours", team: "gone", open: false } };
    expect(sentence(closes, NAMES)[0]).toBe("When Deleted closes");
  });

  it("names every kind, and what is gone or of a later version", () => {
    const all = {
      ...rules.freshRule(),
      conditions: rules.CONDITIONS.map((kind) => rules.freshCondition(kind, "gone")),
      actions: [...rules.ACTIONS.map((kind) => rules.freshAction(kind, {})), { then: "sing" }],
    };
    const words = sentence(all, NAMES).join(" ");
    expect(words).toContain("Deleted is open");
    expect(words).toContain("something of a later version");
    expect(words).not.toMatch(/\{\w+\}|undefined/);
  });
});
