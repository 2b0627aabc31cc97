import { staffApi } from "$lib/api/staff";
import type { Mention, Summary } from "$lib/api/types";
import type { Assist } from "$lib/ui/Composer.svelte";
import { router } from "../routes";
import type { Token } from "./canned";
import type { Desk } from "./desk.svelte";
import { fitting, mayBeCalled, mentionToken, type Colleague } from "./mentions";

/** Mentions of one page. */
const PAGE = 50;
/** Rows of the picker. */
const SHOWN = 8;

/** Where the note stands. */
export const mentionHref = ({ conversation, seq }: Mention): string =>
  router.href("conversation", { id: conversation }, { at: String(seq) });

/** The private notes that call this agent, newest first. */
export class Mentions {
  items = $state.raw<readonly Mention[]>([]);
  status = $state<"loading" | "ready" | "failed">("loading");
  next = $state<string | null>(null);

  get unread(): number {
    return this.items.filter((mention) => !mention.read).length;
  }

  unreadIn(conversation: string): boolean {
    return this.items.some((mention) => !mention.read && mention.conversation === conversation);
  }

  async load(): Promise<void> {
    try {
      const page = await staffApi.mentions({ limit: PAGE });
      this.items = page.items;
      this.next = page.next;
      this.status = "ready";
    } catch {
      if (this.status === "loading") this.status = "failed";
    }
  }

  async more(): Promise<void> {
    if (!this.next) return;
    const page = await staffApi.mentions({ limit: PAGE, cursor: this.next });
    const known = new Set(this.items.map((mention) => mention.id));
    this.items = [...this.items, ...page.items.filter((mention) => !known.has(mention.id))];
    this.next = page.next;
  }

  /** One that the server told just now. */
  take(mention: Mention): void {
    this.items = [mention, ...this.items.filter((other) => other.id !== mention.id)];
  }

  /** Those in a conversation, or all, were looked at. */
  async read(conversation?: string): Promise<void> {
    const before = this.items;
    const fits = (one: Mention): boolean => !one.read && (!conversation || one.conversation === conversation);
    if (!before.some(fits)) return;
    this.items = before.map((one) => (fits(one) ? { ...one, read: true } : one));
    try {
      await staffApi.readMentions(conversation);
    } catch {
      void this.load();
    }
  }
}

/** Chooses a colleague by what is typed behind `@`. */
export class MentionPicker implements Assist {
  readonly id: string;
  readonly #desk: Desk;
  readonly #summary: () => Summary;
  #element: HTMLTextAreaElement | null = null;
  #token = $state.raw<Token | null>(null);
  /** Where Escape was pressed: the list stays away from there. */
  #dismissed = -1;
  index = $state(0);

  constructor(id: string, desk: Desk, summary: () => Summary) {
    this.id = id;
    this.#desk = desk;
    this.#summary = summary;
  }

  readonly found = $derived.by(() => {
    const typed = this.#token;
    if (!typed) return [];
    const agents = this.#desk.directory?.agents ?? [];
    const able = agents.filter((agent) => mayBeCalled(agent, this.#summary(), this.#desk.me));
    return fitting(able, typed.query).slice(0, SHOWN);
  });
  readonly open = $derived(this.found.length > 0);

  get list(): string | undefined {
    return this.open ? this.id : undefined;
  }

  get active(): string | undefined {
    const chosen = this.chosen;
    return chosen ? this.option(chosen) : undefined;
  }

  get chosen(): Colleague | undefined {
    return this.found[Math.min(this.index, this.found.length - 1)];
  }

  option(agent: Colleague): string {
    return `${this.id}-${agent.id}`;
  }

  moved(element: HTMLTextAreaElement): void {
    this.#element = element;
    const collapsed = element.selectionStart === element.selectionEnd;
    const typed = collapsed ? mentionToken(element.value, element.selectionStart) : null;
    if (!typed) this.#dismissed = -1;
    const wanted = typed && typed.start !== this.#dismissed ? typed : null;
    if (wanted && !this.#desk.directory) void this.#desk.loadDirectory().catch(() => undefined);
    if (wanted?.query !== this.#token?.query) this.index = 0;
    this.#token = wanted;
  }

  keydown(event: KeyboardEvent): boolean {
    if (!this.open || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false;
    const last = this.found.length - 1;
    switch (event.key) {
      case "ArrowDown":
        this.index = this.index >= last ? 0 : this.index + 1;
        return true;
      case "ArrowUp":
        this.index = this.index <= 0 ? last : this.index - 1;
        return true;
      case "Enter":
      case "Tab":
        if (this.chosen) this.pick(this.chosen);
        return true;
      case "Escape":
        this.#dismissed = this.#token?.start ?? -1;
        this.#token = null;
        return true;
      default:
        return false;
    }
  }

  /** Puts the name in the place of what was typed. */
  pick(agent: Colleague): void {
    const [typed, element] = [this.#token, this.#element];
    if (!typed || !element) return;
    this.#token = null;
    element.setRangeText(`@${agent.username ?? ""} `, typed.start, typed.end, "end");
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.focus();
  }

  /** Away, as when the text is another one. */
  close(): void {
    this.#token = null;
  }
}

/** Two helpers over one text: whichever has a list open gets the keys. */
export function both(first: Assist, second: Assist): Assist {
  return {
    keydown: (event) => first.keydown(event) || second.keydown(event),
    moved: (element) => {
      first.moved(element);
      second.moved(element);
    },
    get list() {
      return first.list ?? second.list;
    },
    get active() {
      return first.list ? first.active : second.active;
    },
  };
}
