import { describe, expect, it } from "vitest";
import type { Author, Entry } from "$lib/api/types";
import type { OutgoingMessage } from "$lib/realtime/types";
import { timelineRows, type BubbleRow, type TimelineOptions } from "$lib/ui/timeline";

const visitor: Author = { kind: "visitor", id: "v", name: "Oliver" };
const maya: Author = { kind: "agent", id: "g", name: "Maya" };
const START = new Date(2026, 10, 23, 9, 0, 0).getTime();

const options: TimelineOptions = {
  own: (author) => author.kind !== "visitor",
  mine: (author) => author.id === "g",
  me: maya,
  event: (_entry, body) => (body.event === "secret" ? null : body.event),
};

function entry(seq: number, author: Author, text: string, seconds = seq, more: Partial<Entry> = {}): Entry {
  const at = new Date(START + seconds * 1_000).toISOString();
  return { conversation: "c", seq, id: `e${seq}`, at, kind: "message", author, body: { text }, ...more };
}

function outgoing(id: string, state: OutgoingMessage["state"]): OutgoingMessage {
  const failure = state === "failed" ? { code: "invalid", detail: "Refused." } : null;
  return {
    clientMsgId: id,
    conversation: "c",
    kind: "send",
    body: { text: id },
    createdAt: START + 60_000,
    state,
    failure,
  };
}

const bubbles = (rows: ReturnType<typeof timelineRows>): BubbleRow[] =>
  rows.filter((row): row is BubbleRow => row.type === "bubble");

describe("timelineRows", () => {
  it("separates days and groups one sender's messages within two minutes", () => {
    const rows = timelineRows(
      [
        entry(1, visitor, "a", -86_400),
        entry(2, visitor, "b", 0),
        entry(3, visitor, "c", 100),
        entry(4, visitor, "d", 300),
        entry(5, maya, "e", 301),
      ],
      [],
      options,
    );
    expect(rows.map((row) => row.type)).toEqual([
      "day",
      "bubble",
      "day",
      "bubble",
      "bubble",
      "bubble",
      "bubble",
    ]);
    expect(bubbles(rows).map((row) => [row.first, row.last])).toEqual([
      [true, true],
      [true, false],
      [false, true],
      [true, true],
      [true, true],
    ]);
  });

  it("keeps the key while a message turns into an entry, and shows it once", () => {
    const before = timelineRows([], [outgoing("client-1", "sending")], options);
    const stored = entry(1, maya, "client-1", 60, { client_msg_id: "client-1" });
    const both = timelineRows([stored], [outgoing("client-1", "sending")], options);
    expect(bubbles(before)[0]?.key).toBe("client-1");
    expect(bubbles(both).map((row) => row.key)).toEqual(["client-1"]);
    expect(bubbles(both)[0]?.state).toBe("sent");
  });

  it("tells the state under the newest own message and under every failed one", () => {
    const rows = timelineRows(
      [entry(1, maya, "old"), entry(2, visitor, "x")],
      [outgoing("f", "failed"), outgoing("s", "sending"), outgoing("w", "waiting")],
      options,
    );
    expect(bubbles(rows).map((row) => row.state)).toEqual([null, null, "failed", null, "waiting"]);
    expect(bubbles(rows)[2]?.failure).toBe("Refused.");
  });

  it("says read only up to what the other side has read, and never of a note", () => {
    const entries = [entry(1, maya, "a"), entry(2, maya, "n", 2, { kind: "note" })];
    const state = (otherRead: number) =>
      bubbles(timelineRows(entries, [], { ...options, otherRead })).map((r) => r.state);
    expect(state(0)).toEqual(["sent", null]);
    expect(state(1)).toEqual(["read", null]);
  });

  it("puts the line before the first unread message of others", () => {
    const rows = timelineRows([entry(1, visitor, "a"), entry(2, maya, "b"), entry(3, visitor, "c")], [], {
      ...options,
      unreadAfter: 1,
    });
    expect(rows.map((row) => row.key)).toEqual([rows[0]?.key, "e1", "e2", "unread", "e3"]);
  });

  it("leaves out what it does not know", () => {
    const rows = timelineRows(
      [
        entry(1, visitor, "", 1, { kind: "event", body: { event: "secret" } }),
        entry(2, visitor, "", 2, { kind: "event", body: { event: "resolved" } }),
        entry(3, visitor, "", 3, { kind: "hologram", body: { event: "?" } }),
      ],
      [],
      options,
    );
    expect(rows.map((row) => row.type)).toEqual(["day", "event"]);
  });
});
