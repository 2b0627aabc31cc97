import { describe, expect, it } from "vitest";
import type { CannedReply } from "$lib/api/types";
import { fill, matching, token } from "../../../apps/console/agent/canned";

const canned = (shortcut: string, text = ""): CannedReply => ({ id: shortcut, shortcut, text, scope: "own" });
const names = { visitor: { name: "Ada Lovelace", email: "" }, agent: { name: "Maya Olsen" } };

describe("canned replies", () => {
  it.each([
    ["/", 1, { start: 0, end: 1, query: "" }],
    ["Hi /Re", 6, { start: 3, end: 6, query: "re" }],
    ["one\n/refund-2", 13, { start: 4, end: 13, query: "refund-2" }],
    ["/refund please", 3, { start: 0, end: 3, query: "re" }],
    ["and/or", 6, null],
    ["https://example.org", 19, null],
    ["/re fund", 8, null],
    ["plain", 5, null],
  ])("a shortcut is typed behind a slash that begins a word: %j at %d", (text, caret, expected) => {
    expect(token(text, caret)).toEqual(expected);
  });

  it("finds by the beginning of the shortcut first, then by a part, then by words of the text", () => {
    const all = [
      canned("bye", "Thanks for your return"),
      canned("no-return"),
      canned("return-b"),
      canned("return-a"),
      canned("other", "nothing"),
    ];
    expect(matching(all, "return").map((one) => one.shortcut)).toEqual([
      "return-a",
      "return-b",
      "no-return",
      "bye",
    ]);
    expect(matching(all, "")).toHaveLength(5);
    expect(matching(all, "zz")).toEqual([]);
  });

  it("puts in what is known, says instead what is not, and leaves a hole that is seen", () => {
    const text =
      "Hi {{visitor.first_name|there}}, {{ agent.name }} here: {{visitor.email}} {{visitor.email|}}!";
    expect(fill(text, names)).toBe("Hi Ada, Maya Olsen here: [visitor email] !");
    const nobody = { ...names, visitor: { name: "", email: "a@b.c" } };
    expect(fill(text, nobody)).toBe("Hi there, Maya Olsen here: a@b.c a@b.c!");
    expect(fill("{{later.name}} {{", names)).toBe("{{later.name}} {{");
  });

  it("does not take what a visitor is called for a place of its own", () => {
    const tricky = { ...names, visitor: { name: "{{agent.name}} $&", email: "" } };
    expect(fill("Hi {{visitor.name}}", tricky)).toBe("Hi {{agent.name}} $&");
  });
});
