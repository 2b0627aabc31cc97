import { untrack } from "svelte";
import { SvelteMap } from "svelte/reactivity";
import type {
  Author,
  Conversation,
  Entry,
  Mention,
  MessageBody,
  PresenceStatus,
  Summary,
} from "../api/types";
import { SocketConnection, type FrameHandler } from "./connection.svelte";
import { CATCH_UP_MS, TYPING_EVERY_MS } from "./limits";
import { Unconfirmed } from "./unconfirmed";
import { Outbox } from "./outbox.svelte";
import { ReadReceipts } from "./receipts";
import { keepIn } from "./storage";
import { Timers } from "./timers";
import { ConversationTimeline, type History, type TimelineHost } from "./timeline.svelte";
import type { Bye, ConversationStore, Ended, ResumePoint, ServerFrame, Timeline, Welcome } from "./types";

/** Who uses the store; everything that differs between a visitor and an agent is here. */
export interface Side {
  kind: "visitor" | "agent";
  /** Own id: names what is kept for a reload. */
  identity: string;
  /** The visitor's token. */
  token?: () => string | null;
  history: History;
  /** Asked when the socket could not even be opened. */
  probe?: () => Promise<Ended | null>;
  /** A note calls this agent. */
  mentioned?: (mention: Mention) => void;
}

/** Name of the timer after which what was not confirmed is forgotten. */
const CONFIRM = "confirm";

/** Makes the store of this page. Call `connection.start()` to begin. */
export function createConversationStore(side: Side): ConversationStore {
  return new Store(side);
}

class Store implements ConversationStore, FrameHandler, TimelineHost {
  me = $state.raw<Welcome["me"] | null>(null);
  readonly conversations = new SvelteMap<string, Summary>();
  readonly presence = new SvelteMap<string, PresenceStatus>();
  readonly connection: SocketConnection;
  readonly history: History;
  readonly gapless: boolean;

  readonly #side: Side;
  readonly #outbox: Outbox;
  readonly #receipts: ReadReceipts;
  readonly #timelines = new SvelteMap<string, ConversationTimeline>();
  /** By conversation: running while `typing` was sent too recently to be sent again. */
  readonly #typed = new Timers();
  readonly #unconfirmed = new Unconfirmed();
  readonly #timers = new Timers();
  /** Conversations that the last `hello` asked to continue. */
  #continued: readonly string[] = [];
  #epoch: string | null = null;
  #session = 0;

  constructor(side: Side) {
    this.#side = side;
    this.history = side.history;
    this.gapless = side.kind === "agent";
    this.connection = new SocketConnection({
      url: `/api/v1/${side.kind}/socket`,
      handler: this,
      ...(side.token ? { token: side.token } : {}),
      ...(side.probe ? { probe: side.probe } : {}),
    });
    this.#outbox = new Outbox({
      // A visitor's unsent words outlive the tab; those of staff, on a shared computer perhaps, do not.
      keep: keepIn(side.kind === "visitor" ? "local" : "session"),
      prefix: `switchboard.outbox.${side.kind}.${side.identity}.`,
      transmit: (frame) => this.connection.send(frame, true),
    });
    this.#receipts = new ReadReceipts((conversation, seq) =>
      this.connection.send({ type: "read", conversation, seq }),
    );
  }

  conversation(id: string): Summary | undefined {
    return this.conversations.get(id);
  }

  absorb(items: readonly (Conversation | Summary)[]): void {
    untrack(() => {
      for (const item of items) {
        this.#unconfirmed.confirm(item.id);
        const known = this.conversations.get(item.id);
        if (known && isOlder(item, known)) continue;
        this.conversations.set(item.id, merge(known, item));
        this.#timelines.get(item.id)?.headMoved();
      }
    });
  }

  open(id: string): Timeline {
    return untrack(() => {
      const timeline = this.#timelines.get(id) ?? new ConversationTimeline(id, this);
      this.#timelines.set(id, timeline);
      return timeline;
    });
  }

  close(id: string): void {
    untrack(() => {
      const timeline = this.#timelines.get(id);
      if (!timeline) return;
      timeline.dispose();
      this.#timelines.delete(id);
      this.#outbox.forgetSent(id);
      if (this.#side.kind === "agent") this.connection.send({ type: "leave", conversation: id });
    });
  }

  send(conversation: string, body: MessageBody): string {
    this.#typed.cancel(conversation);
    return untrack(() => this.#outbox.add(conversation, "send", body));
  }

  note(conversation: string, body: MessageBody): string {
    return untrack(() => this.#outbox.add(conversation, "note", body));
  }

  retry(clientMsgId: string): void {
    this.#outbox.retry(clientMsgId);
  }

  discard(clientMsgId: string): void {
    this.#outbox.discard(clientMsgId);
  }

  typing(conversation: string): void {
    if (this.#typed.has(conversation)) return;
    const told = untrack(() => this.connection.send({ type: "typing", conversation }));
    if (told) this.#typed.after(conversation, TYPING_EVERY_MS, () => undefined);
  }

  preview(conversation: string, text: string): void {
    untrack(() => this.connection.send({ type: "typing", conversation, text }));
  }

  looking(conversation: string): void {
    if (this.#side.kind === "agent") untrack(() => this.connection.send({ type: "looking", conversation }));
  }

  read(conversation: string, seq: number): void {
    untrack(() => {
      const timeline = this.#timelines.get(conversation);
      if (timeline && seq > timeline.ownRead) timeline.ownRead = seq;
      const known = this.conversations.get(conversation);
      if (known?.unread && seq >= known.head) this.conversations.set(conversation, { ...known, unread: 0 });
    });
    this.#receipts.saw(conversation, seq);
  }

  stop(): void {
    this.connection.stop();
    this.#timers.cancelAll();
    for (const id of [...this.#timelines.keys()]) this.close(id);
    this.#outbox.stop();
    this.#receipts.clear();
    this.conversations.clear();
    this.presence.clear();
    this.me = null;
    this.#epoch = null;
  }

  clear(): void {
    this.#outbox.clear();
    this.stop();
  }

  // What the timelines ask.

  outgoing(conversation: string) {
    return this.#outbox.of(conversation);
  }

  session(): number {
    return this.connection.live ? this.#session : 0;
  }

  head(conversation: string): number {
    return this.conversations.get(conversation)?.head ?? 0;
  }

  learned(state: Conversation): void {
    this.absorb([state]);
  }

  resume(timeline: ConversationTimeline): void {
    const point = timeline.resumePoint(this.#epoch);
    if (point) this.connection.send({ type: "resume", ...point });
  }

  shown(entry: Entry): void {
    if (this.#isOwn(entry)) this.#outbox.echoed(entry);
  }

  // What the connection tells.

  resumePoints(): ResumePoint[] {
    const points = [...this.#timelines.values()].flatMap(
      (timeline) => timeline.resumePoint(this.#epoch) ?? [],
    );
    this.#continued = points.map((point) => point.conversation);
    return points;
  }

  welcomed(welcome: Welcome): void {
    this.#session += 1;
    this.me = welcome.me;
    const restored = this.#epoch !== null && this.#epoch !== welcome.epoch;
    this.#epoch = welcome.epoch;
    if (restored) this.conversations.clear();
    if (this.#side.kind === "agent") {
      this.#unconfirmed.doubt(this.conversations.keys());
      this.#timers.after(CONFIRM, CATCH_UP_MS, () => this.#forgetUnconfirmed());
    }
    this.absorb(welcome.conversations);
    for (const timeline of this.#timelines.values()) {
      if (timeline.status === "failed") void timeline.reload();
      else if (!this.#continued.includes(timeline.id)) this.resume(timeline);
      timeline.headMoved();
    }
    this.#outbox.flush();
    this.#receipts.flush();
  }

  dropped(): void {
    this.presence.clear();
    this.#typed.cancelAll();
    this.#timers.cancelAll();
    this.#outbox.dropped();
    this.#receipts.dropped();
    for (const timeline of this.#timelines.values()) timeline.dropped();
  }

  received(frame: Exclude<ServerFrame, Welcome | Bye>): void {
    switch (frame.type) {
      case "ack": {
        const timeline = this.#timelines.get(frame.conversation);
        this.#outbox.acked(
          frame,
          !timeline || (timeline.status === "ready" && timeline.lastSeq >= frame.seq),
        );
        return;
      }
      case "nack":
        this.#outbox.nacked(frame);
        return;
      case "entry":
        this.#entry(frame.entry);
        return;
      case "conversation":
        this.absorb([frame.conversation]);
        return;
      case "queue": {
        const known = this.conversations.get(frame.conversation);
        const { position, estimate_s } = frame;
        if (known)
          this.conversations.set(known.id, { ...known, queue: { position, estimate_s: estimate_s ?? null } });
        return;
      }
      case "typing":
        if (!this.#isMe(frame.author))
          this.#timelines.get(frame.conversation)?.sawTyping(frame.author, frame.text);
        return;
      case "looking": {
        const timeline = this.#timelines.get(frame.conversation);
        if (!timeline || this.#isMe(frame.author)) return;
        // Whoever is new here learns at once who else is.
        if (timeline.sawLooking(frame.author)) this.looking(frame.conversation);
        return;
      }
      case "mention":
        this.#side.mentioned?.(frame.mention);
        return;
      case "read":
        this.#read(frame.conversation, frame.seq, frame.by);
        return;
      case "presence":
        this.presence.set(frame.agent, frame.status);
        return;
      case "reset":
        this.#timelines.get(frame.conversation)?.reset(frame.reason);
        // Not ours to see, or not any more: its row goes too.
        if (frame.reason === "not_found" || frame.reason === "left")
          this.conversations.delete(frame.conversation);
        return;
    }
  }

  /** Lists were loaded again by now; what none of them had is asked for if it is shown, and forgotten otherwise. */
  #forgetUnconfirmed(): void {
    for (const id of this.#unconfirmed.take()) {
      if (!this.#timelines.has(id)) this.conversations.delete(id);
      else
        void this.history.conversation(id).then(
          (state) => this.absorb([state]),
          () => undefined,
        );
    }
  }

  #entry(entry: Entry): void {
    const own = this.#isOwn(entry);
    const timeline = this.#timelines.get(entry.conversation);
    const known = this.conversations.get(entry.conversation);
    if (known && entry.seq > known.head) {
      const counts = !own && entry.kind === "message" && this.#side.kind === "visitor";
      const text = entry.kind === "message" ? (entry.body as MessageBody).text : null;
      this.conversations.set(known.id, {
        ...known,
        head: entry.seq,
        head_id: entry.id,
        updated_at: entry.at,
        ...(text === null ? {} : { preview: text }),
        ...(counts ? { unread: (known.unread ?? 0) + 1 } : {}),
      });
    }
    timeline?.receive(entry);
    if (own && !timeline) this.#outbox.echoed(entry);
  }

  #read(conversation: string, seq: number, by: string): void {
    const timeline = this.#timelines.get(conversation);
    if (!timeline) return;
    if (by === this.#side.kind) timeline.ownRead = Math.max(timeline.ownRead, seq);
    else timeline.otherRead = Math.max(timeline.otherRead, seq);
  }

  #isOwn(entry: Entry): boolean {
    return this.#isMe(entry.author);
  }

  #isMe(author: Author): boolean {
    if (author.kind !== this.#side.kind) return false;
    return this.#side.kind === "visitor" || author.id === (this.me?.id ?? this.#side.identity);
  }
}

/** Owner and status raise the fence, every entry the head: both only rise, so either tells old from new. */
function isOlder(item: Conversation, known: Conversation): boolean {
  return item.fence < known.fence || (item.fence === known.fence && item.head < known.head);
}

/** The newer state; what only lists carry is kept where it has none, a queue place only while in the queue. */
function merge(known: Summary | undefined, item: Conversation | Summary): Summary {
  // Frames name the visitor, the call for one conversation also says where they are.
  // Who had a name or address and has none now was erased: nothing of before stays.
  const { name, email } = item.visitor;
  const erased = (known?.visitor.name || known?.visitor.email) && !name && !email;
  const visitor = erased ? item.visitor : { ...known?.visitor, ...item.visitor };
  const merged: Summary = { ...item, visitor };
  if (known && !("preview" in item)) {
    const { preview, unread, waiting_since } = known;
    Object.assign(merged, { preview, unread, waiting_since });
  }
  if (merged.owner.kind === "queue") merged.queue ??= known?.queue ?? null;
  else merged.queue = null;
  return merged;
}
