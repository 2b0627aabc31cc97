import { staffApi } from "$lib/api/staff";
import type { CannedReply } from "$lib/api/types";
import type { Assist } from "$lib/ui/Composer.svelte";
import { session } from "../shared/session.svelte";
import { fill, matching, token, type Names, type Token } from "./canned";

/** How long a list may be shown without asking again, in milliseconds. */
const FRESH_MS = 60_000;
/** Items of one page; the server's most. */
const PAGE = 200;
/** Rows of the picker. */
const SHOWN = 8;

/** The canned replies that this agent may send, loaded when the first one is looked for. */
export class CannedReplies {
  items = $state.raw<CannedReply[]>([]);
  failed = $state(false);
  ready = $state(false);
  #asked = 0;

  /** Loads them unless they were loaded a moment ago. What is shown stays until the new ones are here. */
  async load(): Promise<void> {
    if (Date.now() - this.#asked < FRESH_MS) return;
    this.#asked = Date.now();
    try {
      const items: CannedReply[] = [];
      let cursor: string | undefined;
      do {
        const page = await session.guard(staffApi.canned({ limit: PAGE, ...(cursor ? { cursor } : {}) }));
        items.push(...page.items);
        cursor = page.next ?? undefined;
      } while (cursor);
      this.items = items;
      this.ready = true;
      this.failed = false;
    } catch {
      this.failed = true;
      this.#asked = 0;
    }
  }

  /** They were changed: the next look loads them. */
  forget(): void {
    this.#asked = 0;
  }
}

/** Chooses a canned reply by what is typed behind `/`. */
export class CannedPicker implements Assist {
  readonly id: string;
  #all: CannedReplies;
  #names: () => Names;
  #element: HTMLTextAreaElement | null = null;
  #token = $state.raw<Token | null>(null);
  /** Where Escape was pressed: the list stays away from there. */
  #dismissed = -1;
  index = $state(0);

  constructor(id: string, all: CannedReplies, names: () => Names) {
    this.id = id;
    this.#all = all;
    this.#names = names;
  }

  readonly found = $derived.by(() =>
    this.#token ? matching(this.#all.items, this.#token.query).slice(0, SHOWN) : [],
  );
  /** There is nothing to choose from at all, which is worth a word; a `/` in a text is not. */
  readonly none = $derived.by(
    () => this.#token?.query === "" && this.#all.ready && this.#all.items.length === 0,
  );
  readonly failed = $derived.by(() => this.#token?.query === "" && this.#all.failed);
  readonly open = $derived(this.found.length > 0);

  get list(): string | undefined {
    return this.open ? this.id : undefined;
  }

  get active(): string | undefined {
    const chosen = this.chosen;
    return chosen ? this.option(chosen) : undefined;
  }

  get chosen(): CannedReply | undefined {
    return this.found[Math.min(this.index, this.found.length - 1)];
  }

  option(canned: CannedReply): string {
    return `${this.id}-${canned.id}`;
  }

  /** As it would stand in the message. */
  filled(canned: CannedReply): string {
    return fill(canned.text, this.#names());
  }

  moved(element: HTMLTextAreaElement): void {
    this.#element = element;
    const collapsed = element.selectionStart === element.selectionEnd;
    const typed = collapsed ? token(element.value, element.selectionStart) : null;
    if (!typed) this.#dismissed = -1;
    const wanted = typed && typed.start !== this.#dismissed ? typed : null;
    if (wanted) void this.#all.load();
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

  /** Puts it in the place of what was typed. */
  pick(canned: CannedReply): void {
    const [typed, element] = [this.#token, this.#element];
    if (!typed || !element) return;
    this.#token = null;
    element.setRangeText(this.filled(canned), typed.start, typed.end, "end");
    element.dispatchEvent(new Event("input", { bubbles: true }));
    element.focus();
  }

  /** Away, as when the text loses the focus. */
  close(): void {
    this.#token = null;
  }
}
