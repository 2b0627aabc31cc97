import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createConversationStore, type ConversationStore } from "$lib/realtime";
import { conversation, entry, Kept, settle, takeWire, WireSocket } from "./wire";

let kept: Kept;
let store: ConversationStore;

function begin(kind: "visitor" | "agent", length = 0): void {
  kept = new Kept("c", length);
  store = createConversationStore({ kind, identity: "me", history: kept.history });
  store.connection.start();
}

const seqs = (): number[] => store.open("c").entries.map(({ seq }) => seq);

beforeEach(() => {
  takeWire();
  localStorage.clear();
  sessionStorage.clear();
  vi.spyOn(Math, "random").mockReturnValue(0);
});

afterEach(() => {
  store.clear();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a timeline", () => {
  it("loads the last page, then continues from there", async () => {
    begin("agent", 60);
    WireSocket.last.welcome("e1", [kept.state]);
    const timeline = store.open("c");
    await settle();
    expect(timeline.status).toBe("ready");
    expect(seqs()).toEqual(Array.from({ length: 50 }, (_, index) => index + 11));
    expect(timeline.hasOlder).toBe(true);
    expect(WireSocket.last.of("resume")).toEqual([
      { type: "resume", conversation: "c", epoch: "e1", last_seq: 60, last_id: "c-60" },
    ]);
    await timeline.loadOlder();
    expect(seqs()).toHaveLength(60);
    expect(timeline.hasOlder).toBe(false);
  });

  it("applies each entry once, in order, however often it comes", async () => {
    begin("agent", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    for (const seq of [3, 3, 2, 4, 1, 4, 5]) WireSocket.last.say({ type: "entry", entry: entry("c", seq) });
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it("takes what arrives while it loads", async () => {
    begin("visitor", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    WireSocket.last.say({ type: "entry", entry: entry("c", 3) });
    await settle();
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it("asks for a gap instead of skipping it (staff see every number)", async () => {
    begin("agent", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    WireSocket.last.say({ type: "entry", entry: entry("c", 5) });
    expect(seqs()).toEqual([1, 2]);
    expect(WireSocket.last.of("resume").at(-1)).toMatchObject({ last_seq: 2, last_id: "c-2" });
    for (const seq of [3, 4, 5]) WireSocket.last.say({ type: "entry", entry: entry("c", seq) });
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it("lets numbers skip for a visitor, who sees no notes", async () => {
    begin("visitor", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    WireSocket.last.say({ type: "entry", entry: entry("c", 7) });
    expect(seqs()).toEqual([1, 2, 7]);
  });

  it("goes on where it was after a drop", async () => {
    begin("visitor", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    WireSocket.last.lose();
    vi.advanceTimersByTime(1);
    WireSocket.last.open();
    expect(WireSocket.last.of("hello")[0]?.resume).toEqual([
      { conversation: "c", epoch: "e1", last_seq: 2, last_id: "c-2" },
    ]);
  });

  it("fills what was committed while it loaded and the socket came up", async () => {
    begin("visitor", 2);
    const early = kept.entries;
    const { entries } = kept.history;
    kept.history.entries = async (id, window) => {
      const page = await entries(id, window);
      if (kept.entries === early) {
        kept.entries = [...early, entry("c", 3), entry("c", 4)];
        WireSocket.last.welcome("e1", [kept.state]);
        kept.entries.push(entry("c", 5));
        WireSocket.last.say({ type: "entry", entry: entry("c", 5) });
      }
      return page;
    };
    store.open("c");
    await settle();
    expect(seqs()).toEqual([1, 2, 3, 4, 5]);
  });

  it("asks again for a head that does not arrive, and loads anew after three times", async () => {
    begin("visitor", 2);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    const before = kept.calls;
    kept.entries.push(entry("c", 3));
    WireSocket.last.say({ type: "conversation", conversation: kept.state });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(WireSocket.last.of("resume")).toHaveLength(3);
    expect(kept.calls).toBe(before);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(kept.calls).toBe(before + 1);
    expect(seqs()).toEqual([1, 2, 3]);
  });

  it("forgets and loads again on reset", async () => {
    begin("visitor", 3);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    kept.entries = kept.entries.slice(0, 1);
    WireSocket.last.say({ type: "reset", conversation: "c", reason: "epoch" });
    await settle();
    expect(seqs()).toEqual([1]);
  });

  it("is gone when the server does not know it", async () => {
    begin("visitor", 1);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
    WireSocket.last.say({ type: "reset", conversation: "c", reason: "not_found" });
    expect(store.open("c").status).toBe("gone");
    expect(store.conversation("c")).toBeUndefined();
  });

  it("drops the row of what an agent may not see any more", async () => {
    begin("agent", 1);
    WireSocket.last.welcome("e1", []);
    store.absorb([kept.state]);
    expect(store.conversation("c")).toBeDefined();
    WireSocket.last.say({ type: "reset", conversation: "c", reason: "left" });
    expect(store.conversation("c")).toBeUndefined();
  });

  it("loads when the connection comes back if it could not before", async () => {
    begin("visitor", 1);
    kept.fails = 1;
    store.open("c");
    await settle();
    expect(store.open("c").status).toBe("failed");
    WireSocket.last.welcome("e1", [kept.state]);
    await settle();
    expect(seqs()).toEqual([1]);
  });
});

describe("sending", () => {
  beforeEach(async () => {
    begin("visitor", 1);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
  });

  const own = (seq: number, id: string) =>
    entry("c", seq, { author: { kind: "visitor", id: "me", name: "Ann" }, client_msg_id: id });

  it("shows a message once: on its way, stored, then as an entry", () => {
    const id = store.send("c", { text: "hello" });
    expect(store.open("c").outgoing.map(({ state }) => state)).toEqual(["sending"]);
    WireSocket.last.say({ type: "ack", client_msg_id: id, conversation: "c", seq: 2, id: "x", at: "" });
    expect(store.open("c").outgoing.map(({ state }) => state)).toEqual(["sent"]);
    WireSocket.last.say({ type: "entry", entry: own(2, id) });
    expect(store.open("c").outgoing).toEqual([]);
    expect(seqs()).toEqual([1, 2]);
  });

  it("shows it once also when the entry comes before the ack", () => {
    const id = store.send("c", { text: "hello" });
    WireSocket.last.say({ type: "entry", entry: own(2, id) });
    WireSocket.last.say({ type: "ack", client_msg_id: id, conversation: "c", seq: 2, id: "x", at: "" });
    expect(store.open("c").outgoing).toEqual([]);
  });

  it("sends again under the same id what was cut off, and drops what the replay brings", () => {
    const id = store.send("c", { text: "hello" });
    WireSocket.last.lose();
    vi.advanceTimersByTime(1);
    WireSocket.last.welcome("e1", [kept.state]);
    WireSocket.last.say({ type: "entry", entry: own(2, id) });
    expect(WireSocket.last.of("send").map(({ client_msg_id }) => client_msg_id)).toEqual([id]);
    WireSocket.last.say({ type: "ack", client_msg_id: id, conversation: "c", seq: 2, id: "x", at: "" });
    expect(store.open("c").outgoing).toEqual([]);
    expect(seqs()).toEqual([1, 2]);
  });

  it("does not take another's entry for its own", () => {
    const id = store.send("c", { text: "hello" });
    WireSocket.last.say({ type: "entry", entry: entry("c", 2, { client_msg_id: id }) });
    expect(store.open("c").outgoing).toHaveLength(1);
  });

  it("keeps what is unsent for the same person's next store, until that person signs out", async () => {
    WireSocket.last.lose();
    store.send("c", { text: "later" });
    store.stop();
    begin("visitor", 1);
    expect(store.open("c").outgoing.map(({ body }) => body.text)).toEqual(["later"]);
    store.clear();
    begin("visitor", 1);
    expect(store.open("c").outgoing).toEqual([]);
  });

  it("tells of typing at most every three seconds", () => {
    for (let time = 0; time < 10; time += 1) {
      store.typing("c");
      vi.advanceTimersByTime(500);
    }
    expect(WireSocket.last.of("typing")).toHaveLength(2);
  });

  it("tells only of rising read positions, a few at a time, and again after a drop", () => {
    store.read("c", 1);
    store.read("c", 3);
    store.read("c", 2);
    vi.advanceTimersByTime(500);
    expect(WireSocket.last.of("read")).toEqual([{ type: "read", conversation: "c", seq: 3 }]);
    WireSocket.last.lose();
    vi.advanceTimersByTime(1);
    WireSocket.last.welcome("e1", [kept.state]);
    expect(WireSocket.last.of("read")).toHaveLength(1);
  });
});

describe("hints", () => {
  beforeEach(async () => {
    begin("visitor", 1);
    WireSocket.last.welcome("e1", [kept.state]);
    store.open("c");
    await settle();
  });
  const maya = { kind: "agent", id: "a1", name: "Maya" };
  const typists = (): string[] => store.open("c").typing.map(({ name }) => name);

  it("shows who types for six seconds, or until the message comes", () => {
    WireSocket.last.say({ type: "typing", conversation: "c", author: maya });
    expect(typists()).toEqual(["Maya"]);
    vi.advanceTimersByTime(5_000);
    WireSocket.last.say({ type: "typing", conversation: "c", author: maya });
    vi.advanceTimersByTime(5_999);
    expect(typists()).toEqual(["Maya"]);
    vi.advanceTimersByTime(1);
    expect(typists()).toEqual([]);
    WireSocket.last.say({ type: "typing", conversation: "c", author: maya });
    WireSocket.last.say({ type: "entry", entry: entry("c", 2, { author: maya }) });
    expect(typists()).toEqual([]);
  });

  it("shows what an automation writes as far as it has got, until its message comes", () => {
    const bot = { kind: "automation", id: "assistant", name: "Assistant" };
    const says = (author: typeof bot, text: string): void =>
      WireSocket.last.say({ type: "typing", conversation: "c", author, text });
    says(bot, "You get");
    says(bot, "You get it within");
    expect(store.open("c").partial).toBe("You get it within");
    expect(store.open("c").draft).toBe("");
    WireSocket.last.say({ type: "entry", entry: entry("c", 2, { author: bot }) });
    expect(store.open("c").partial).toBe("");
    says(bot, "And");
    vi.advanceTimersByTime(6_000);
    expect(store.open("c").partial).toBe("");
    says(maya, "Words that are nobody's business");
    expect(store.open("c").partial).toBe("");
  });

  it("forgets typing and presence with the connection", () => {
    WireSocket.last.say({ type: "typing", conversation: "c", author: maya });
    WireSocket.last.say({ type: "presence", agent: "a1", status: "online" });
    expect(store.presence.get("a1")).toBe("online");
    WireSocket.last.lose();
    expect(typists()).toEqual([]);
    expect(store.presence.size).toBe(0);
  });

  it("knows how far the other side has read", () => {
    WireSocket.last.say({ type: "read", conversation: "c", by: "agent", seq: 1 });
    WireSocket.last.say({ type: "read", conversation: "c", by: "visitor", seq: 9 });
    expect(store.open("c").otherRead).toBe(1);
    expect(store.open("c").ownRead).toBe(9);
  });

  it("shows the place in the queue only while waiting in it", () => {
    WireSocket.last.say({
      type: "conversation",
      conversation: conversation("c", { fence: 2, head: 2, owner: { kind: "queue" } }),
    });
    WireSocket.last.say({ type: "queue", conversation: "c", position: 3, estimate_s: 60 });
    expect(store.conversation("c")?.queue).toEqual({ position: 3, estimate_s: 60 });
    WireSocket.last.say({
      type: "conversation",
      conversation: conversation("c", {
        fence: 3,
        head: 3,
        owner: { kind: "agent", id: "a1", name: "Maya" },
      }),
    });
    expect(store.conversation("c")?.queue).toBeNull();
  });
});

describe("states", () => {
  beforeEach(() => {
    begin("agent", 1);
    WireSocket.last.welcome("e1", []);
  });

  it("never replaces newer by older", () => {
    store.absorb([conversation("c", { fence: 5, head: 9 })]);
    store.absorb([conversation("c", { fence: 4, head: 20, status: "resolved" })]);
    store.absorb([conversation("c", { fence: 5, head: 8, status: "resolved" })]);
    expect(store.conversation("c")).toMatchObject({ fence: 5, head: 9, status: "open" });
  });

  it("keeps what only lists carry when a plain state follows, and drops it when the list does", () => {
    store.absorb([
      { ...conversation("c"), preview: "hello", unread: 2, waiting_since: "2026-11-23T09:00:00Z" },
    ]);
    store.absorb([conversation("c", { fence: 2 })]);
    expect(store.conversation("c")).toMatchObject({ preview: "hello", unread: 2, fence: 2 });
    store.absorb([{ ...conversation("c", { fence: 3 }), preview: "bye", unread: 0 }]);
    expect(store.conversation("c")?.waiting_since).toBeUndefined();
  });

  it("begins anew with a restored database", () => {
    store.absorb([conversation("c", { fence: 9, head: 9 })]);
    WireSocket.last.lose();
    vi.advanceTimersByTime(1);
    WireSocket.last.welcome("e2", [conversation("c", { fence: 1, head: 1 })]);
    expect(store.conversation("c")).toMatchObject({ fence: 1, head: 1 });
  });

  it("forgets what changed hands unseen while the connection was away", async () => {
    const names = ["own", "listed", "elsewhere", "shown"];
    store.absorb(names.map((name) => conversation(name, { owner: { kind: "queue" } })));
    store.open("shown");
    await settle();
    WireSocket.last.lose();
    vi.advanceTimersByTime(1);
    WireSocket.last.welcome("e1", [conversation("own")]);
    store.absorb([conversation("listed", { owner: { kind: "queue" } })]);
    kept.history.conversation = async () => conversation("shown", { fence: 2, owner: { kind: "none" } });
    await vi.advanceTimersByTimeAsync(5_000);
    expect([...store.conversations.keys()].sort()).toEqual(["listed", "own", "shown"]);
    expect(store.conversation("shown")?.owner.kind).toBe("none");
  });

  it("says leave when an agent closes a conversation", async () => {
    store.open("c");
    await settle();
    store.close("c");
    expect(WireSocket.last.of("leave")).toEqual([{ type: "leave", conversation: "c" }]);
  });
});
