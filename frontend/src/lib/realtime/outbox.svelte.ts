import type { Entry, MessageBody } from "../api/types";
import { newClientId } from "./ids";
import { ACK_DEADLINE_MS, OUTBOX_MESSAGES, RETRY_CAP_S, RETRY_MS } from "./limits";
import type { Keep } from "./storage";
import type { Ack, ClientFrame, Nack, OutgoingMessage, SaidBody, SendState } from "./types";

/** What is kept for a reload. */
interface Kept {
  id: string;
  conversation: string;
  kind: "send" | "note";
  body: MessageBody;
  at: number;
  failure?: OutgoingMessage["failure"];
}

class Outgoing implements OutgoingMessage {
  clientMsgId = $state("");
  state = $state<SendState>("waiting");
  failure = $state<OutgoingMessage["failure"]>(null);
  readonly conversation: string;
  readonly kind: "send" | "note";
  readonly body: MessageBody;
  readonly createdAt: number;
  /** Milliseconds already spent on the wire without an answer, over all connections. */
  unanswered = 0;
  sentAt: number | null = null;
  timer: ReturnType<typeof setTimeout> | undefined;

  constructor(kept: Kept) {
    this.clientMsgId = kept.id;
    this.conversation = kept.conversation;
    this.kind = kept.kind;
    this.body = kept.body;
    this.createdAt = kept.at;
    if (kept.failure) this.fail(kept.failure);
  }

  fail(failure: NonNullable<OutgoingMessage["failure"]>): void {
    this.offWire();
    this.state = "failed";
    this.failure = failure;
  }

  /** Off the wire without an answer; it goes out again later. */
  offWire(): void {
    clearTimeout(this.timer);
    if (this.sentAt !== null) this.unanswered += Date.now() - this.sentAt;
    this.sentAt = null;
  }
}

export interface OutboxOptions {
  keep: Keep;
  /** Names the person, so that nobody else's messages are sent after a change of hands. */
  prefix: string;
  /** Put a frame on the wire; false when there is none. */
  transmit: (frame: ClientFrame) => boolean;
}

/**
 * Own messages from the press of Send until they are entries. Each keeps its `client_msg_id` through every
 * retry, connection and reload; they leave in the order in which they were written.
 */
export class Outbox {
  items = $state<Outgoing[]>([]);
  readonly #options: OutboxOptions;
  /** Nothing leaves before this time (milliseconds since the epoch): the server asked for a pause. */
  #heldUntil = 0;
  #holdTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.items = this.#restore();
  }

  of(conversation: string): OutgoingMessage[] {
    return this.items.filter((item) => item.conversation === conversation);
  }

  /** True while another message may be written. */
  get room(): boolean {
    return this.items.length < OUTBOX_MESSAGES;
  }

  add(conversation: string, kind: "send" | "note", body: MessageBody): string {
    // Never two of the same millisecond: after a reload they are put in order by it.
    const at = Math.max(Date.now(), (this.items.at(-1)?.createdAt ?? 0) + 1);
    const kept: Kept = { id: newClientId(), conversation, kind, body, at };
    const item = new Outgoing(kept);
    if (this.room) this.#persist(item);
    else item.fail({ code: "rate_limited", detail: "Too many messages are waiting to be sent." });
    this.items.push(item);
    this.flush();
    return item.clientMsgId;
  }

  /** Send everything that waits, in order. */
  flush(): void {
    if (Date.now() < this.#heldUntil) return;
    for (const item of this.items) {
      if (item.state === "waiting" && !this.#transmit(item)) return;
    }
  }

  /** Stored by the server: it stays visible until its entry arrives. */
  acked(ack: Ack, alreadyShown: boolean): void {
    const item = this.#find(ack.client_msg_id);
    if (!item) return;
    item.offWire();
    item.state = "sent";
    item.failure = null;
    this.#options.keep.remove(this.#key(item));
    if (alreadyShown) this.#remove(item);
  }

  nacked(nack: Nack): void {
    const item = nack.client_msg_id ? this.#find(nack.client_msg_id) : undefined;
    const later = nack.code === "retry" || nack.code === "rate_limited";
    if (later) this.#hold(nack.retry_after);
    if (!item) return;
    if (!later) {
      item.fail({ code: nack.code, detail: nack.detail });
      this.#persist(item);
      return;
    }
    item.offWire();
    item.unanswered = 0;
    item.state = "waiting";
  }

  /** Its entry is in the timeline: the bubble keeps its place and is not shown twice. */
  echoed(entry: Entry): void {
    const item = entry.client_msg_id ? this.#find(entry.client_msg_id) : undefined;
    if (item?.conversation === entry.conversation) this.#remove(item);
  }

  /** The conversation is not followed any more: what was stored needs no bubble. */
  forgetSent(conversation: string): void {
    for (const item of this.items) {
      if (item.conversation === conversation && item.state === "sent") this.#remove(item);
    }
  }

  /** The socket is gone: what was on the wire waits for the next one. */
  dropped(): void {
    for (const item of this.items) {
      if (item.state !== "sending") continue;
      item.offWire();
      item.state = "waiting";
    }
  }

  /** Failed messages go out again under the same id, unless that very id was refused as taken. */
  retry(clientMsgId: string): void {
    const item = this.#find(clientMsgId);
    if (item?.state !== "failed") return;
    if (item.failure?.code === "conflict") {
      this.#options.keep.remove(this.#key(item));
      item.clientMsgId = newClientId();
    }
    item.state = "waiting";
    item.failure = null;
    item.unanswered = 0;
    this.#persist(item);
    this.flush();
  }

  discard(clientMsgId: string): void {
    const item = this.#find(clientMsgId);
    if (item?.state === "failed") this.#remove(item);
  }

  /** Nothing runs any more; what is unsent stays kept. */
  stop(): void {
    clearTimeout(this.#holdTimer);
    for (const item of this.items) item.offWire();
    this.items = [];
  }

  /** Forget everything. */
  clear(): void {
    for (const item of [...this.items]) this.#remove(item);
    this.stop();
  }

  #transmit(item: Outgoing): boolean {
    const { conversation, clientMsgId } = item;
    const { files, ...said } = item.body;
    const body: SaidBody = files ? { ...said, files: files.map((file) => file.id) } : said;
    const sent = this.#options.transmit({ type: item.kind, conversation, client_msg_id: clientMsgId, body });
    if (!sent) return false;
    item.state = "sending";
    item.sentAt = Date.now();
    clearTimeout(item.timer);
    item.timer = setTimeout(
      () => {
        item.fail({ code: "timeout", detail: "The server did not answer." });
        this.#persist(item);
      },
      Math.max(0, ACK_DEADLINE_MS - item.unanswered),
    );
    return true;
  }

  #hold(retryAfter: number | null | undefined): void {
    const pause = typeof retryAfter === "number" ? Math.min(retryAfter, RETRY_CAP_S) * 1000 : RETRY_MS;
    this.#heldUntil = Math.max(this.#heldUntil, Date.now() + pause);
    clearTimeout(this.#holdTimer);
    this.#holdTimer = setTimeout(() => this.flush(), this.#heldUntil - Date.now());
  }

  #find(clientMsgId: string): Outgoing | undefined {
    return this.items.find((item) => item.clientMsgId === clientMsgId);
  }

  #remove(item: Outgoing): void {
    item.offWire();
    this.#options.keep.remove(this.#key(item));
    this.items = this.items.filter((other) => other !== item);
  }

  #key(item: Outgoing): string {
    return this.#options.prefix + item.clientMsgId;
  }

  /** One key for each message: two tabs of the same person do not overwrite each other's. */
  #persist(item: Outgoing): void {
    const { clientMsgId: id, conversation, kind, body, createdAt: at, failure } = item;
    const kept: Kept = { id, conversation, kind, body, at, ...(failure ? { failure } : {}) };
    this.#options.keep.set(this.#key(item), JSON.stringify(kept));
  }

  #restore(): Outgoing[] {
    const { keep, prefix } = this.#options;
    return keep
      .keys(prefix)
      .flatMap((key) => {
        const kept = readKept(keep.get(key));
        if (!kept) keep.remove(key);
        return kept ? [kept] : [];
      })
      .sort((a, b) => a.at - b.at)
      .map((kept) => new Outgoing(kept));
  }
}

function readKept(text: string | null): Kept | null {
  try {
    const kept = JSON.parse(text ?? "null") as Partial<Kept> | null;
    const whole =
      typeof kept?.id === "string" &&
      typeof kept.conversation === "string" &&
      typeof kept.body?.text === "string" &&
      typeof kept.at === "number" &&
      (kept.kind === "send" || kept.kind === "note");
    return whole ? (kept as Kept) : null;
  } catch {
    return null;
  }
}
