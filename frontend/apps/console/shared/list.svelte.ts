import type { Page } from "$lib/api/types";
import { session } from "./session.svelte";

/** A list that comes in pages, with what went wrong. */
export class PagedList<T extends object> {
  items = $state<T[]>([]);
  status = $state<"loading" | "ready" | "failed">("loading");
  cause = $state.raw<unknown>(null);
  busy = $state(false);
  #next = $state<string | null>(null);
  #fetch: (cursor?: string) => Promise<Page<T>>;
  /** How often the first page was asked for: an answer to an older question is not shown. */
  #asked = 0;

  constructor(fetch: (cursor?: string) => Promise<Page<T>>) {
    this.#fetch = fetch;
  }

  get more(): boolean {
    return this.#next !== null;
  }

  /** The first page, anew. What is shown stays until it is here. */
  async load(): Promise<void> {
    if (this.items.length === 0) this.status = "loading";
    const asked = ++this.#asked;
    try {
      const page = await session.guard(this.#fetch());
      if (asked !== this.#asked) return;
      this.items = page.items;
      this.#next = page.next;
      this.status = "ready";
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.cause = cause;
      this.status = "failed";
    }
  }

  /** The page after the last. */
  async loadMore(): Promise<void> {
    if (this.#next === null || this.busy) return;
    this.busy = true;
    const asked = this.#asked;
    try {
      const page = await session.guard(this.#fetch(this.#next));
      if (asked !== this.#asked) return;
      this.items.push(...page.items);
      this.#next = page.next;
    } catch (cause) {
      if (asked !== this.#asked) return;
      this.cause = cause;
      this.status = "failed";
    } finally {
      this.busy = false;
    }
  }

  /** Put a changed item into its place, or a new one on top. */
  put(item: T, same: (a: T, b: T) => boolean): void {
    const index = this.items.findIndex((known) => same(known, item));
    if (index >= 0) this.items[index] = item;
    else this.items.unshift(item);
  }
}
