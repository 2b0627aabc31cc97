import { staffApi, type ConversationView } from "$lib/api/staff";
import type { Summary } from "$lib/api/types";
import { session } from "../shared/session.svelte";
import type { Desk } from "./desk.svelte";
import { isMine } from "./summary";

export type ListStatus = "open" | "snoozed" | "resolved";

/** What a list shows. */
export interface Filter {
  view: ConversationView;
  status: ListStatus;
  q: string;
  tag: string;
  /** The team's id. */
  team: string;
}

/** Rows per page; the queue is loaded as a whole, up to the server's limit, since it is sorted by waiting. */
const PAGE = 50;
const QUEUE_PAGE = 200;

/** One view of the inbox: what the server listed, kept current by what the socket tells. */
export class InboxList {
  readonly filter: Filter;
  status = $state<"loading" | "ready" | "failed">("loading");
  busy = $state(false);
  readonly #desk: Desk;
  #listed = $state.raw<ReadonlySet<string>>(new Set());
  #next = $state<string | null>(null);
  #abort: AbortController | null = null;

  /** Ids in the order in which they should stand now. */
  readonly ids: readonly string[] = $derived.by(() => this.#ordered());

  constructor(desk: Desk, filter: Filter) {
    this.#desk = desk;
    this.filter = filter;
  }

  get more(): boolean {
    return this.#next !== null;
  }

  /** Whether a conversation belongs here by its state. */
  fits(summary: Summary): boolean {
    const { view, status, q, tag, team } = this.filter;
    if (summary.status !== status) return false;
    if (tag && !summary.tags.includes(tag)) return false;
    if (team && summary.team !== team) return false;
    // Only the server can tell who had it, and what a search finds.
    if (q || (view === "mine" && status === "resolved")) return this.#listed.has(summary.id);
    if (view === "mine") return isMine(summary, this.#desk.me);
    if (view === "queue") return summary.owner.kind === "queue";
    return true;
  }

  async load(): Promise<void> {
    this.#abort?.abort();
    const abort = new AbortController();
    this.#abort = abort;
    try {
      const page = await session.guard(this.#page(undefined, abort.signal));
      this.#listed = new Set(page.items.map((item) => item.id));
      this.#next = page.next;
      this.#desk.store.absorb(page.items);
      this.status = "ready";
    } catch {
      if (!abort.signal.aborted) this.status = "failed";
    }
  }

  async loadMore(): Promise<void> {
    if (this.busy || this.#next === null) return;
    this.busy = true;
    try {
      const page = await session.guard(this.#page(this.#next, this.#abort?.signal));
      this.#listed = new Set([...this.#listed, ...page.items.map((item) => item.id)]);
      this.#next = page.next;
      this.#desk.store.absorb(page.items);
    } catch {
      this.status = "failed";
    } finally {
      this.busy = false;
    }
  }

  stop(): void {
    this.#abort?.abort();
  }

  #page(cursor: string | undefined, signal: AbortSignal | undefined) {
    const { view, status, q, tag, team } = this.filter;
    return staffApi.conversations({
      view,
      status,
      q,
      tag,
      team,
      limit: view === "queue" ? QUEUE_PAGE : PAGE,
      ...(cursor ? { cursor } : {}),
      ...(signal ? { signal } : {}),
    });
  }

  #ordered(): string[] {
    const fitting = [...this.#desk.store.conversations.values()].filter((summary) => this.fits(summary));
    const order = this.filter.view === "queue" ? longestWaiting : newestFirst;
    return fitting.sort(order).map((summary) => summary.id);
  }
}

function newestFirst(a: Summary, b: Summary): number {
  return b.updated_at.localeCompare(a.updated_at) || a.id.localeCompare(b.id);
}

function longestWaiting(a: Summary, b: Summary): number {
  const since = (summary: Summary): string => summary.waiting_since ?? summary.updated_at;
  return since(a).localeCompare(since(b)) || a.id.localeCompare(b.id);
}
