/** Several conversations at once: which are chosen, and doing the same to each of them. */
import { SvelteSet } from "svelte/reactivity";
import { staffApi } from "$lib/api/staff";
import type { Conversation, Summary } from "$lib/api/types";
import { toasts } from "$lib/ui/toasts.svelte";
import { problemText } from "../shared/problem";
import { session } from "../shared/session.svelte";
import type { Desk } from "./desk.svelte";
import { isMine } from "./summary";
import { t } from "./texts";

/** What can be done to many. */
export type Deed =
  | { kind: "claim" }
  | { kind: "resolve" }
  | { kind: "tag"; tag: string }
  | { kind: "priority"; priority: string }
  | { kind: "snooze"; until: Date };

/** Whether a deed makes sense for a conversation; the server decides again. */
export function applies(deed: Deed["kind"], summary: Summary, me: string): boolean {
  const mine = isMine(summary, me);
  switch (deed) {
    case "claim":
      return summary.status !== "resolved" && ["queue", "automation"].includes(summary.owner.kind);
    case "resolve":
      return mine && summary.status !== "resolved";
    case "snooze":
      return mine && summary.status === "open";
    case "tag":
    case "priority":
      return true;
  }
}

/** Why these were left alone. */
function unfit(deed: Deed, others: readonly Summary[], me: string): string {
  const n = others.length;
  if (deed.kind === "claim") return t("bulkNotWaiting", { n });
  return t(others.every((summary) => isMine(summary, me)) ? "bulkNotOpen" : "bulkNotYours", { n });
}

function carryOut(deed: Deed, { id, fence }: Summary): Promise<Conversation> {
  switch (deed.kind) {
    case "claim":
      return staffApi.claim(id, fence);
    case "resolve":
      return staffApi.resolve(id, fence);
    case "snooze":
      return staffApi.snooze(id, fence, deed.until.toISOString());
    case "tag":
      return staffApi.tag(id, { add: [deed.tag] });
    case "priority":
      return staffApi.prioritise(id, deed.priority);
  }
}

/** The conversations of a list that are chosen. */
export class Selection {
  readonly ids = new SvelteSet<string>();
  /** Rows show boxes to tick. */
  active = $state(false);
  /** How many are done of how many, while it goes on. */
  progress = $state.raw<{ done: number; of: number } | null>(null);

  toggle(id: string): void {
    this.active = true;
    if (!this.ids.delete(id)) this.ids.add(id);
  }

  all(ids: readonly string[]): void {
    const every = ids.every((id) => this.ids.has(id));
    this.ids.clear();
    if (!every) for (const id of ids) this.ids.add(id);
  }

  end(): void {
    this.ids.clear();
    this.active = false;
  }

  /** Those chosen that are still known. */
  chosen(desk: Desk): Summary[] {
    return [...this.ids].flatMap((id) => desk.store.conversations.get(id) ?? []);
  }

  /** Does the same to each, one after the other; those that could not be done stay chosen. */
  async run(desk: Desk, deed: Deed): Promise<void> {
    if (this.progress) return;
    const chosen = this.chosen(desk);
    const fitting = chosen.filter((summary) => applies(deed.kind, summary, desk.me));
    const others = chosen.filter((summary) => !fitting.includes(summary));
    let trouble = "";
    this.progress = { done: 0, of: fitting.length };
    for (const [at, { id }] of fitting.entries()) {
      const newest = desk.store.conversations.get(id);
      try {
        if (newest) desk.store.absorb([await session.guard(carryOut(deed, newest))]);
        this.ids.delete(id);
      } catch (cause) {
        trouble ||= problemText(cause);
      }
      this.progress = { done: at + 1, of: fitting.length };
    }
    this.progress = null;
    const left = fitting.filter(({ id }) => this.ids.has(id)).length;
    const done = fitting.length - left;
    if (done > 0) toasts.show(t("bulkDone", { n: done }), { tone: "ok" });
    if (left > 0) toasts.show(t("bulkLeft", { n: left, why: trouble }), { tone: "danger" });
    // What was left alone stays chosen, which nobody sees without a word.
    if (others.length > 0) toasts.show(unfit(deed, others, desk.me));
    if (this.ids.size === 0) this.end();
  }
}
