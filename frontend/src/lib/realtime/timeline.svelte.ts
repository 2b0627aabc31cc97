import { asApiError } from "../api/problem";
import type { Author, Conversation, Entry, Page } from "../api/types";
import type { EntryWindow } from "../api/visitor";
import {
  CATCH_UP_MS,
  LOOKING_SHOWN_MS,
  PAGE_ENTRIES,
  RESUMES_BEFORE_RELOAD,
  DRAFT_SHOWN_MS,
  TYPING_SHOWN_MS,
} from "./limits";
import { EMPTY_LOG, withEntries, type Log } from "./log";
import { Timers } from "./timers";
import type { OutgoingMessage, ResumePoint, Timeline } from "./types";

/** Where history comes from: the visitor's calls or the staff's. */
export interface History {
  conversation(id: string): Promise<Conversation>;
  entries(id: string, window: EntryWindow): Promise<Page<Entry>>;
}

/** What a timeline needs of the store that holds it. */
export interface TimelineHost {
  readonly history: History;
  /** Staff see every `seq`; a visitor's may skip, so that only staff can tell a gap. */
  readonly gapless: boolean;
  outgoing(conversation: string): OutgoingMessage[];
  /** Counts welcomes: the same number before and after means one unbroken socket. 0 while there is none. */
  session(): number;
  /** Last `seq` of the conversation as far as known. */
  head(conversation: string): number;
  learned(state: Conversation): void;
  /** Ask the server to continue from here. */
  resume(timeline: ConversationTimeline): void;
  shown(entry: Entry): void;
}

/** Asks for the newest page: no conversation is that long. */
const END = Number.MAX_SAFE_INTEGER;
/** Name of the timer that asks again; those of typists begin with their kind. */
const DRAFT = "draft";
const PARTIAL = "partial";
const CATCH_UP = "catch up";
const RECENTLY_RESET = "recently reset";
const RELOAD = "reload";

/** The entries of one conversation, each once, in the order of `seq`, whatever arrives in which order. */
export class ConversationTimeline implements Timeline {
  readonly id: string;
  status = $state<Timeline["status"]>("loading");
  hasOlder = $state(false);
  loadingOlder = $state(false);
  typing = $state.raw<readonly Author[]>([]);
  draft = $state("");
  partial = $state("");
  looking = $state.raw<readonly Author[]>([]);
  otherRead = $state(0);
  ownRead = $state(0);

  readonly #host: TimelineHost;
  #log = $state.raw<Log>(EMPTY_LOG);
  /** Live entries that arrive while history loads. */
  #early: Entry[] = [];
  #load = 0;
  #loading = false;
  #failedResumes = 0;
  readonly #timers = new Timers();

  constructor(id: string, host: TimelineHost) {
    this.id = id;
    this.#host = host;
    void this.reload();
  }

  get entries(): readonly Entry[] {
    return this.#log.entries;
  }

  get outgoing(): readonly OutgoingMessage[] {
    return this.#host.outgoing(this.id);
  }

  get lastSeq(): number {
    return this.entries.at(-1)?.seq ?? 0;
  }

  /** What to ask the server to continue; null until the first page is here. */
  resumePoint(epoch: string | null): ResumePoint | null {
    if (this.status !== "ready" || this.#loading || epoch === null) return null;
    const last = this.entries.at(-1);
    return { conversation: this.id, epoch, last_seq: last?.seq ?? 0, ...(last ? { last_id: last.id } : {}) };
  }

  /** Throw away what is shown and load the last page again; it stays visible until the new one is here. */
  async reload(): Promise<void> {
    const load = ++this.#load;
    this.#loading = true;
    this.#early = [];
    if (this.entries.length === 0) this.status = "loading";
    const current = () => load === this.#load;
    try {
      let session = this.#host.session();
      const [state, page] = await Promise.all([
        this.#host.history.conversation(this.id),
        this.#host.history.entries(this.id, { before: END, limit: PAGE_ENTRIES }),
      ]);
      if (!current()) return;
      let fresh = page.items;
      // A socket that came up meanwhile may have brought entries later than the page: fill what is between.
      while (session !== this.#host.session()) {
        session = this.#host.session();
        fresh = fresh.concat(await this.#after(fresh.at(-1)?.seq ?? 0));
        if (!current()) return;
      }
      this.#replace(fresh);
      this.#host.learned(state);
      this.#host.resume(this);
    } catch (cause) {
      if (!current()) return;
      const gone = ["gone", "forbidden"].includes(asApiError(cause).remedy);
      if (gone || this.status !== "ready") this.status = gone ? "gone" : "failed";
      this.#takeEarly();
    }
  }

  async loadOlder(): Promise<void> {
    const first = this.entries[0];
    if (!first || !this.hasOlder || this.loadingOlder) return;
    const load = this.#load;
    this.loadingOlder = true;
    try {
      const page = await this.#host.history.entries(this.id, { before: first.seq, limit: PAGE_ENTRIES });
      if (load !== this.#load) return;
      this.#log = withEntries(this.#log, page.items);
      this.hasOlder = page.items.length > 0 && beginsLate(page.items);
    } catch {
      // `hasOlder` stays true: the person scrolls again.
    } finally {
      this.loadingOlder = false;
    }
  }

  /** An entry from the socket. */
  receive(entry: Entry): void {
    if (this.status !== "ready" || this.#loading) {
      this.#early.push(entry);
      return;
    }
    if (entry.author.kind === "visitor") this.draft = "";
    else this.partial = "";
    if (this.#timers.cancel(keyOf(entry.author))) this.#notTyping(keyOf(entry.author));
    if (this.#log.known.has(entry.seq)) return;
    const first = this.entries[0]?.seq ?? 0;
    if (entry.seq < first && this.hasOlder) return;
    if (this.#host.gapless && entry.seq > this.lastSeq + 1) {
      this.#host.resume(this);
      this.#watchHead();
      return;
    }
    this.#log = withEntries(this.#log, [entry]);
    this.#host.shown(entry);
    if (this.lastSeq >= this.#host.head(this.id)) this.#failedResumes = 0;
  }

  /** The head moved, or the socket came back: what is known to exist must arrive. */
  headMoved(): void {
    if (this.status === "ready" && this.lastSeq < this.#host.head(this.id)) this.#watchHead();
  }

  /** The server says that what is shown is not its history. */
  reset(reason: string): void {
    if (reason === "not_found") {
      this.#load += 1;
      this.status = "gone";
      return;
    }
    // Told so again and again, it asks more slowly.
    const pause = this.#timers.has(RECENTLY_RESET) ? CATCH_UP_MS : 0;
    this.#timers.after(RECENTLY_RESET, 2 * CATCH_UP_MS, () => undefined);
    if (pause === 0) void this.reload();
    else this.#timers.after(RELOAD, pause, () => void this.reload());
  }

  /** Show that somebody types, for six seconds. */
  sawTyping(author: Author, text?: string | null): void {
    const key = keyOf(author);
    if (text && author.kind === "automation") {
      this.partial = text;
      this.#timers.after(PARTIAL, TYPING_SHOWN_MS, () => (this.partial = ""));
    } else if (typeof text === "string") {
      this.draft = text;
      this.#timers.after(DRAFT, DRAFT_SHOWN_MS, () => (this.draft = ""));
      if (text === "") {
        if (this.#timers.cancel(key)) this.#notTyping(key);
        return;
      }
    }
    if (!this.#timers.has(key)) this.typing = [...this.typing, author];
    this.#timers.after(key, TYPING_SHOWN_MS, () => this.#notTyping(key));
  }

  /** Show that another agent looks, for a while; answers whether that is new. */
  sawLooking(author: Author): boolean {
    const key = `looking ${keyOf(author)}`;
    const fresh = !this.#timers.has(key);
    if (fresh) this.looking = [...this.looking, author];
    this.#timers.after(key, LOOKING_SHOWN_MS, () => {
      this.looking = this.looking.filter((other) => keyOf(other) !== keyOf(author));
    });
    return fresh;
  }

  /** The socket is gone: nobody is known to type or to look. */
  dropped(): void {
    this.#timers.cancelAll();
    this.typing = [];
    this.draft = this.partial = "";
    this.looking = [];
  }

  /** Not shown any more. */
  dispose(): void {
    this.#load += 1;
    this.dropped();
  }

  async #after(seq: number): Promise<Entry[]> {
    const found: Entry[] = [];
    for (;;) {
      const page = await this.#host.history.entries(this.id, { after: found.at(-1)?.seq ?? seq, limit: 200 });
      found.push(...page.items);
      if (page.next === null || page.items.length === 0) return found;
    }
  }

  #replace(entries: Entry[]): void {
    this.#log = withEntries(EMPTY_LOG, entries);
    this.hasOlder = beginsLate(entries);
    this.status = "ready";
    this.#failedResumes = 0;
    for (const entry of entries) this.#host.shown(entry);
    this.#takeEarly();
  }

  /** What came while history loaded. */
  #takeEarly(): void {
    this.#loading = false;
    const early = this.#early;
    this.#early = [];
    if (this.status === "ready") for (const entry of early) this.receive(entry);
    this.headMoved();
  }

  #watchHead(): void {
    if (this.#timers.has(CATCH_UP) || this.#host.session() === 0) return;
    this.#timers.after(CATCH_UP, CATCH_UP_MS, () => {
      if (this.lastSeq >= this.#host.head(this.id)) return;
      this.#failedResumes += 1;
      if (this.#failedResumes >= RESUMES_BEFORE_RELOAD) void this.reload();
      else {
        this.#host.resume(this);
        this.#watchHead();
      }
    });
  }

  #notTyping(key: string): void {
    this.typing = this.typing.filter((author) => keyOf(author) !== key);
  }
}

/** Every conversation begins with the entry 1, which all its readers may see. */
function beginsLate(entries: readonly Entry[]): boolean {
  return (entries[0]?.seq ?? 1) > 1;
}

function keyOf(author: Author): string {
  return `${author.kind} ${author.id ?? author.name}`;
}
