/** The other end of the wire, in the test's hands: sockets that it opens, speaks on and closes. */
import { vi } from "vitest";
import type { ClientFrame, ServerFrame } from "$lib/realtime/types";
import type { Conversation, Entry } from "$lib/api/types";

export class WireSocket {
  static readonly OPEN = 1;
  static all: WireSocket[] = [];
  readonly url: string;
  readyState = 0;
  sent: ClientFrame[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(url: string) {
    this.url = url;
    WireSocket.all.push(this);
  }

  static get last(): WireSocket {
    const socket = WireSocket.all.at(-1);
    if (!socket) throw new Error("no socket was opened");
    return socket;
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as ClientFrame);
  }

  close(): void {
    this.readyState = 3;
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  say(frame: ServerFrame | Record<string, unknown>): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  lose(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  welcome(epoch = "e1", conversations: Conversation[] = [], version = "1"): void {
    this.open();
    this.say({ type: "welcome", epoch, me: { id: "me" }, conversations, server_version: version });
  }

  of<T extends ClientFrame["type"]>(type: T): (ClientFrame & { type: T })[] {
    return this.sent.filter((frame): frame is ClientFrame & { type: T } => frame.type === type);
  }
}

/** Replaces the browser's socket and clock for one test. */
export function takeWire(): void {
  WireSocket.all = [];
  vi.stubGlobal("WebSocket", WireSocket);
  vi.useFakeTimers();
}

export function conversation(id: string, more: Partial<Conversation> = {}): Conversation {
  return {
    id,
    status: "open",
    owner: { kind: "automation", id: "mat", name: "Mat" },
    fence: 1,
    head: 0,
    visitor: { id: "me" },
    tags: [],
    created_at: "2026-11-23T09:00:00Z",
    updated_at: "2026-11-23T09:00:00Z",
    ...more,
  };
}

export function entry(of: string, seq: number, more: Partial<Entry> = {}): Entry {
  return {
    conversation: of,
    seq,
    id: `${of}-${seq}`,
    at: `2026-11-23T09:00:${String(seq % 60).padStart(2, "0")}Z`,
    kind: "message",
    author: { kind: "automation", id: "mat", name: "Mat" },
    body: { text: `text ${seq}` },
    ...more,
  };
}

/** A conversation that the server has: answers the HTTP calls of a timeline, and can be written to. */
export class Kept {
  entries: Entry[];
  calls = 0;
  fails = 0;

  constructor(
    readonly id: string,
    length: number,
  ) {
    this.entries = Array.from({ length }, (_, index) => entry(id, index + 1));
  }

  get state(): Conversation {
    return conversation(this.id, { head: this.entries.length, head_id: this.entries.at(-1)?.id ?? null });
  }

  history = {
    conversation: async (): Promise<Conversation> => {
      if (this.fails > 0) {
        this.fails -= 1;
        throw new Error("no answer");
      }
      return this.state;
    },
    entries: async (_id: string, window: { after?: number; before?: number; limit?: number }) => {
      this.calls += 1;
      const limit = window.limit ?? 50;
      const items =
        window.before !== undefined
          ? this.entries.filter(({ seq }) => seq < (window.before ?? 0)).slice(-limit)
          : this.entries.filter(({ seq }) => seq > (window.after ?? 0)).slice(0, limit);
      return { items, next: null };
    },
  };
}

/** Let promises settle without moving the clock. */
export async function settle(): Promise<void> {
  await vi.advanceTimersByTimeAsync(0);
}
