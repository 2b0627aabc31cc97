import { describe, expect, it } from "vitest";
import type { Summary } from "$lib/api/types";
import { noteTokens } from "$lib/ui/tokens";
import { fitting, mayBeCalled, mentionToken, type Colleague } from "../../../apps/console/agent/mentions";

function colleague(username: string, name: string, teams: string[] = []): Colleague {
  return { id: username, username, name, teams, status: "online", open: 0, capacity: 4 };
}

describe("calling a colleague", () => {
  it("begins where a word does", () => {
    expect(mentionToken("ask @ma", 7)).toEqual({ start: 4, end: 7, query: "ma" });
    expect(mentionToken("(@Ma", 4)?.query).toBe("ma");
    expect(mentionToken("@", 1)?.query).toBe("");
    expect(mentionToken("maya@example", 12)).toBeNull();
    expect(mentionToken("@maya and", 9)).toBeNull();
  });

  it("offers whom it may call, by the beginning first", () => {
    const all = [colleague("tom", "Thomas Maier"), colleague("maya", "Maya"), colleague("anna", "Anna")];
    expect(fitting(all, "ma").map((one) => one.username)).toEqual(["maya", "tom"]);
    const teamless = { team: null, owner: { kind: "queue" } } as Summary;
    const team = { team: "t1", owner: { kind: "agent", id: "anna" } } as Summary;
    expect(all.filter((one) => mayBeCalled(one, teamless, "maya")).length).toBe(2);
    expect(all.filter((one) => mayBeCalled(one, team, "maya")).map((one) => one.id)).toEqual(["anna"]);
    expect(mayBeCalled(colleague("ben", "Ben", ["t1"]), team, "maya")).toBe(true);
  });

  it("is set apart in a note as the server reads it, and loses nothing", () => {
    const text = "@maya, ask @tom.b. mail x@y.org https://example.org/@no @mayaé <b>@x</b>";
    const tokens = noteTokens(text);
    expect(tokens.map((token) => token.text).join("")).toBe(text);
    expect(tokens.filter((token) => token.kind === "mention").map((token) => token.text)).toEqual([
      "@maya",
      "@tom.b",
    ]);
  });
});
