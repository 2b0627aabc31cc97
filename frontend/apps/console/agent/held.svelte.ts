import { staffApi } from "$lib/api/staff";
import type { Conversation, PresenceStatus, Summary } from "$lib/api/types";
import { keepIn } from "$lib/realtime";
import { isMine } from "./summary";

/** Conversations of which it is remembered that the agent had them. */
const MOST = 50;

/**
 * What an agent had when they were last connected. Who comes back after the computer slept finds out here which
 * conversations went back to the queue meanwhile; it also outlives a page that the browser has put away.
 */
export class Held {
  /** Those that are lost, as they are now. */
  lost = $state.raw<Conversation[]>([]);
  readonly #key: string;
  readonly #storage = keepIn("session");

  constructor(account: string) {
    this.#key = `switchboard.held.${account}`;
  }

  /** To be called while connected and not offline. */
  remember(summaries: Iterable<Summary>, me: string): void {
    const ids = [...summaries].filter((one) => isMine(one, me) && one.status === "open").map((one) => one.id);
    this.#storage.set(this.#key, JSON.stringify(ids.slice(0, MOST)));
  }

  /** Connected again: who is offline without having said so has lost what they had. */
  async back(status: PresenceStatus, me: string): Promise<void> {
    if (status !== "offline") return;
    const before = this.#remembered();
    this.#storage.remove(this.#key);
    if (before.length === 0) return;
    const found = await Promise.allSettled(before.map((id) => staffApi.conversation(id)));
    this.lost = found
      .flatMap((one) => (one.status === "fulfilled" ? [one.value] : []))
      .filter((one) => one.status === "open" && !isMine(one, me));
  }

  /** It was read. */
  dismiss(): void {
    this.lost = [];
  }

  /** The agent went by themselves. */
  forget(): void {
    this.lost = [];
    this.#storage.remove(this.#key);
  }

  #remembered(): string[] {
    try {
      const ids: unknown = JSON.parse(this.#storage.get(this.#key) ?? "[]");
      return Array.isArray(ids) ? ids.filter((id) => typeof id === "string") : [];
    } catch {
      return [];
    }
  }
}
