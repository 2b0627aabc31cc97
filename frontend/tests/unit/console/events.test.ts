import { describe, expect, it } from "vitest";
import type { Author, Entry, EventBody } from "$lib/api/types";
import { eventText } from "../../../apps/console/agent/events";
import { named } from "../../../apps/console/agent/summary";

const visitor: Author = { kind: "visitor", id: "v", name: "Oliver" };
const maya: Author = { kind: "agent", id: "g", name: "Maya" };
const mat: Author = { kind: "automation", id: "mat", name: "Mat" };

function words(author: Author, body: EventBody): string | null {
  const entry: Entry = {
    conversation: "c",
    seq: 1,
    id: "e",
    at: "2026-11-23T09:00:00Z",
    kind: "event",
    author,
    body,
  };
  return eventText(entry, body, (id) => (id === "t1" ? "Billing" : undefined));
}

describe("eventText", () => {
  it.each<[string, Author, EventBody]>([
    [
      "Oliver started with Mat",
      visitor,
      { event: "started", to: { kind: "automation", id: "mat", name: "Mat" } },
    ],
    ["Oliver asked for a person", visitor, { event: "handed_off" }],
    ["Mat passed it to people: too hard", mat, { event: "handed_off", reason: "too hard" }],
    [
      "Maya took the conversation",
      maya,
      { event: "assigned", to: { kind: "agent", name: "Maya" }, claimed: true },
    ],
    ["Maya passed it to Billing", maya, { event: "transferred", to: { kind: "queue" }, team: "t1" }],
    ["Back in the queue: the agent went offline", maya, { event: "requeued", reason: "offline" }],
    ["Back in the queue", maya, { event: "requeued", reason: "solar_flare" }],
    ["Oliver ended the conversation", visitor, { event: "resolved" }],
    ["Maya resolved the conversation", maya, { event: "resolved" }],
  ])("says %j", (text, author, body) => {
    expect(words(author, body)).toBe(text);
  });

  it("is silent about events of later versions", () => {
    expect(words(maya, { event: "teleported" })).toBeNull();
  });
});

describe("named", () => {
  it("calls a visitor without a name as the head of the conversation does", () => {
    const entry = (author: Author): Entry => ({
      conversation: "c",
      seq: 1,
      id: "e",
      at: "2026-11-23T09:00:00Z",
      kind: "message",
      author,
      body: { text: "Hello" },
    });
    const nameless: Author = { kind: "visitor", id: "v", name: "Visitor" };
    const names = named([nameless, visitor, maya].map(entry), "ada@example.org").map((e) => e.author.name);
    expect(names).toEqual(["ada@example.org", "Oliver", "Maya"]);
  });
});
