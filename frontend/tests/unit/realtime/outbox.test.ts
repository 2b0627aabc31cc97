import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { Outbox } from "$lib/realtime/outbox.svelte";
import { keepIn, type Keep } from "$lib/realtime/storage";
import type { ClientFrame } from "$lib/realtime/types";

type Sent = Extract<ClientFrame, { type: "send" | "note" }>;

let keep: Keep;
let live: boolean;
let wire: Sent[];
const make = (): Outbox =>
  new Outbox({
    keep,
    prefix: "p.",
    transmit: (frame) => {
      if (live) wire.push(frame as Sent);
      return live;
    },
  });
let outbox: Outbox;
const states = (): string[] => outbox.items.map(({ state }) => state);
const texts = (): string[] => wire.map(({ body }) => body.text);

beforeEach(() => {
  vi.useFakeTimers();
  keep = keepIn("memory");
  live = true;
  wire = [];
  outbox = make();
});
afterEach(() => vi.useRealTimers());

const ack = (client_msg_id: string, seq = 1) =>
  outbox.acked({ type: "ack", client_msg_id, conversation: "c", seq, id: "x", at: "" }, false);

it("sends at once, pipelined and in order, each under an id of its own", () => {
  for (const text of ["a", "b", "c"]) outbox.add("c", "send", { text });
  expect(texts()).toEqual(["a", "b", "c"]);
  expect(new Set(wire.map(({ client_msg_id }) => client_msg_id)).size).toBe(3);
  for (const { client_msg_id } of wire) expect(client_msg_id).toMatch(/^[A-Za-z0-9_-]{22}$/);
  expect(states()).toEqual(["sending", "sending", "sending"]);
});

it("waits without a connection, and sends everything in order when there is one", () => {
  live = false;
  for (const text of ["a", "b", "c"]) outbox.add("c", "send", { text });
  expect(states()).toEqual(["waiting", "waiting", "waiting"]);
  live = true;
  outbox.flush();
  expect(texts()).toEqual(["a", "b", "c"]);
});

it("sends what was on the wire again under the same id after a drop", () => {
  outbox.add("c", "send", { text: "a" });
  outbox.dropped();
  expect(states()).toEqual(["waiting"]);
  outbox.flush();
  expect(wire[1]).toEqual(wire[0]);
});

it("shows a stored message until its entry arrives, then no more", () => {
  const id = outbox.add("c", "send", { text: "a" });
  ack(id);
  expect(states()).toEqual(["sent"]);
  outbox.echoed({
    conversation: "c",
    seq: 1,
    id: "x",
    at: "",
    kind: "message",
    author: { kind: "visitor", name: "" },
    body: { text: "a" },
    client_msg_id: id,
  });
  expect(outbox.items).toEqual([]);
});

it("fails after thirty seconds without an answer while connected, and not before", () => {
  outbox.add("c", "send", { text: "a" });
  vi.advanceTimersByTime(20_000);
  outbox.dropped();
  vi.advanceTimersByTime(3_600_000);
  expect(states()).toEqual(["waiting"]);
  outbox.flush();
  vi.advanceTimersByTime(9_999);
  expect(states()).toEqual(["sending"]);
  vi.advanceTimersByTime(1);
  expect(states()).toEqual(["failed"]);
  expect(outbox.items[0]?.failure?.code).toBe("timeout");
});

it("does not start the clock while the message waits", () => {
  live = false;
  outbox.add("c", "send", { text: "a" });
  vi.advanceTimersByTime(600_000);
  expect(states()).toEqual(["waiting"]);
});

it("tries a failed message again under the same id", () => {
  const id = outbox.add("c", "send", { text: "a" });
  outbox.nacked({ type: "nack", client_msg_id: id, code: "invalid", detail: "no" });
  expect(outbox.items[0]?.failure).toEqual({ code: "invalid", detail: "no" });
  outbox.retry(id);
  expect(wire.map(({ client_msg_id }) => client_msg_id)).toEqual([id, id]);
  ack(id);
  expect(states()).toEqual(["sent"]);
});

it("takes a new id when the old one is taken for another text", () => {
  const id = outbox.add("c", "send", { text: "a" });
  outbox.nacked({ type: "nack", client_msg_id: id, code: "conflict", detail: "taken" });
  outbox.retry(id);
  expect(wire[1]?.client_msg_id).not.toBe(id);
  expect(keep.keys("p.")).toHaveLength(1);
});

it("deletes only what failed", () => {
  const id = outbox.add("c", "send", { text: "a" });
  outbox.discard(id);
  expect(outbox.items).toHaveLength(1);
  outbox.nacked({ type: "nack", client_msg_id: id, code: "forbidden", detail: "no" });
  outbox.discard(id);
  expect(outbox.items).toEqual([]);
  expect(keep.keys("p.")).toEqual([]);
});

it("pauses as long as the server says, and later messages stay behind", () => {
  const id = outbox.add("c", "send", { text: "a" });
  outbox.nacked({ type: "nack", client_msg_id: id, code: "rate_limited", detail: "slow", retry_after: 3 });
  outbox.add("c", "send", { text: "b" });
  vi.advanceTimersByTime(2_999);
  expect(texts()).toEqual(["a"]);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual(["a", "a", "b"]);
});

it("survives a reload: the same ids, in the order of writing, without what was stored", () => {
  live = false;
  const ids = ["a", "b", "c"].map((text) => outbox.add("c", "send", { text }));
  ack(ids[0] ?? "");
  live = true;
  outbox = make();
  outbox.flush();
  expect(texts()).toEqual(["b", "c"]);
  expect(wire.map(({ client_msg_id }) => client_msg_id)).toEqual(ids.slice(1));
});

it("keeps a failed message failed over a reload", () => {
  const id = outbox.add("c", "note", { text: "a" });
  outbox.nacked({ type: "nack", client_msg_id: id, code: "resolved", detail: "over" });
  outbox = make();
  outbox.flush();
  expect(states()).toEqual(["failed"]);
  expect(wire).toHaveLength(1);
});

it("leaves another person's messages alone, and throws away what it cannot read", () => {
  keep.set("q.x", "{}");
  keep.set("p.broken", "{");
  outbox = make();
  expect(outbox.items).toEqual([]);
  expect(keep.get("q.x")).toBe("{}");
  expect(keep.get("p.broken")).toBeNull();
});

it("refuses more than it can hold, visibly", () => {
  live = false;
  for (let count = 0; count < 201; count += 1) outbox.add("c", "send", { text: String(count) });
  expect(states().filter((state) => state === "failed")).toEqual(["failed"]);
});
