import { staffApi } from "$lib/api/staff";
import { asApiError } from "$lib/api/problem";
import type { Found } from "$lib/api/types";
import { session } from "../shared/session.svelte";

/** Lines of one page. */
const PAGE = 30;

/** What was written with these words: page by page, newest first, each conversation once. */
export class FoundMessages {
  readonly q: string;
  status = $state<"loading" | "ready" | "failed">("loading");
  busy = $state(false);
  items = $state.raw<readonly Found[]>([]);
  #next = $state<string | null>(null);
  readonly #abort = new AbortController();

  constructor(q: string) {
    this.q = q;
  }

  get more(): boolean {
    return this.#next !== null;
  }

  async load(): Promise<void> {
    this.status = "loading";
    await this.#read(undefined);
  }

  async loadMore(): Promise<void> {
    if (this.busy || this.#next === null) return;
    this.busy = true;
    await this.#read(this.#next);
    this.busy = false;
  }

  stop(): void {
    this.#abort.abort();
  }

  async #read(cursor: string | undefined): Promise<void> {
    const { signal } = this.#abort;
    try {
      const list = { limit: PAGE, ...(cursor ? { cursor } : {}) };
      const page = await session.guard(staffApi.search(this.q, list, signal));
      this.items = cursor ? joined(this.items, page.items) : page.items;
      this.#next = page.next;
      this.status = "ready";
    } catch (cause) {
      if (signal.aborted) return;
      // What has no words is nothing that could be found.
      const isNoQuestion = Object.keys(asApiError(cause).fields).includes("q");
      if (isNoQuestion) this.items = [];
      this.status = isNoQuestion ? "ready" : "failed";
    }
  }
}

/** Both pages as one: a conversation that goes on in the second stays one. */
export function joined(before: readonly Found[], after: readonly Found[]): Found[] {
  const all = new Map(before.map((found) => [found.conversation.id, found]));
  for (const found of after) {
    const known = all.get(found.conversation.id);
    all.set(found.conversation.id, known ? { ...known, hits: [...known.hits, ...found.hits] } : found);
  }
  return [...all.values()];
}
