import { SvelteMap } from "svelte/reactivity";
import type { Entry, MessageBody, Summary } from "$lib/api/types";
import { visitorApi } from "$lib/api/visitor";
import type { VisitorClient } from "./visitor.svelte";

/** What a row of the list says about a conversation. */
export interface Preview {
  text: string;
  /** Whether the visitor said it. */
  own: boolean;
  /** Who was on the other side last. */
  other: string | null;
}

/** Entries looked at for the last message. */
const LOOK_BACK = 20;

/** The last message of each conversation in the list; visitors' lists come without. */
class Previews {
  readonly #known = new SvelteMap<string, Preview & { head: number }>();
  readonly #loading = new SvelteMap<string, number>();

  of(summary: Summary): Preview | null {
    return this.#known.get(summary.id) ?? null;
  }

  /** Load what is missing or older than the conversation. */
  want(client: VisitorClient, summaries: readonly Summary[]): void {
    for (const { id, head } of summaries) {
      const reached = Math.max(this.#known.get(id)?.head ?? 0, this.#loading.get(id) ?? 0);
      if (head <= reached) continue;
      this.#loading.set(id, head);
      void this.#load(client, id, head).finally(() => this.#loading.delete(id));
    }
  }

  async #load(client: VisitorClient, id: string, head: number): Promise<void> {
    try {
      const page = await client.call((token) =>
        visitorApi.entries(token, id, { before: head + 1, limit: LOOK_BACK }),
      );
      this.#known.set(id, { ...previewOf(page.items), head });
    } catch {
      // The row stays without a preview; the next change asks again.
    }
  }
}

function previewOf(entries: readonly Entry[]): Preview {
  const last = entries.findLast((entry) => entry.kind === "message");
  const other = entries.findLast((entry) => ["agent", "automation"].includes(entry.author.kind));
  return {
    text: last ? ((last.body as Partial<MessageBody>).text ?? "") : "",
    own: last?.author.kind === "visitor",
    other: other?.author.name ?? null,
  };
}

export const previews = new Previews();
