import { SvelteMap } from "svelte/reactivity";
import type { Summary } from "$lib/api/types";
import { keepIn } from "$lib/realtime/storage";

const PREFIX = "switchboard.seen.";

/** How far this browser has shown each conversation, so that what came meanwhile stands out. */
class ReadMarks {
  readonly #keep = keepIn("local");
  readonly #seen = new SvelteMap<string, number>();

  constructor() {
    for (const key of this.#keep.keys(PREFIX))
      this.#seen.set(key.slice(PREFIX.length), Number(this.#keep.get(key)) || 0);
  }

  saw(conversation: string, seq: number): void {
    if (seq <= (this.#seen.get(conversation) ?? 0)) return;
    this.#seen.set(conversation, seq);
    this.#keep.set(PREFIX + conversation, String(seq));
  }

  /** The last `seq` shown; null where this browser never showed it. */
  of(conversation: string): number | null {
    return this.#seen.get(conversation) ?? null;
  }

  isUnread(summary: Summary): boolean {
    const seen = this.of(summary.id);
    return seen !== null && summary.head > seen && (summary.unread ?? 1) > 0;
  }

  /** How many conversations have something new. */
  unread(summaries: readonly Summary[]): number {
    return summaries.filter((summary) => this.isUnread(summary)).length;
  }
}

export const readMarks = new ReadMarks();
