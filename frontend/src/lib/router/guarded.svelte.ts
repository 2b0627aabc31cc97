import { Router } from "./router.svelte";

/** What a page has that must not be lost. */
export interface Guard {
  /** There is something unsaved now. */
  dirty: () => boolean;
  /** Asks the person; `leave` goes where they wanted, if they still want to. */
  ask: (leave: () => void) => void;
}

/** The name under which an entry of the browser's history carries its place in it. */
const PLACE = "switchboardPlace";

/** A router that asks before it leaves a page with unsaved work: by a link, a call, or the browser's back and forward. */
export class GuardedRouter<const R extends Record<string, string>> extends Router<R> {
  #guard: Guard | null = null;
  /** Which entry of the history this is; back and forward are told apart by it. */
  #at: number;
  /** The next step of the history takes back one that was not agreed to. */
  #returning = false;
  /** The next step of the history is agreed to. */
  #agreed = false;

  constructor(patterns: R, base = "") {
    super(patterns, base);
    this.#at = placeIn(history.state) ?? 0;
    mark(this.#at);
  }

  /** Guard the page that is shown. Returns how to end it. */
  guard(guard: Guard): () => void {
    this.#guard = guard;
    return () => {
      if (this.#guard === guard) this.#guard = null;
    };
  }

  /** Do what leaves the page: at once, or as soon as the person agrees to lose what is not saved. */
  leave(go: () => void): void {
    const guard = this.#guard;
    if (guard?.dirty()) guard.ask(go);
    else go();
  }

  override go(href: string, options: { replace?: boolean } = {}): void {
    this.leave(() => {
      super.go(href, options);
      if (!options.replace) this.#at += 1;
      mark(this.#at);
    });
  }

  override listen(): () => void {
    const pop = (event: PopStateEvent): void => {
      if (this.#returning) {
        this.#returning = false;
        event.stopImmediatePropagation();
        return;
      }
      const to = placeIn(event.state);
      if (to === null) {
        // A new entry that the browser made itself: a place within the page.
        this.#at += 1;
        mark(this.#at);
        return;
      }
      const steps = to - this.#at;
      const guard = this.#guard;
      if (steps !== 0 && !this.#agreed && guard?.dirty()) {
        // The browser has gone there already: back to where the work is, and ask.
        event.stopImmediatePropagation();
        this.#returning = true;
        history.go(-steps);
        guard.ask(() => {
          this.#agreed = true;
          history.go(steps);
        });
        return;
      }
      this.#agreed = false;
      this.#at = to;
    };
    // Before the router below, which looks where the page is.
    addEventListener("popstate", pop);
    const stop = super.listen();
    return () => {
      removeEventListener("popstate", pop);
      stop();
    };
  }
}

function placeIn(state: unknown): number | null {
  const place: unknown = (state as Record<string, unknown> | null)?.[PLACE];
  return typeof place === "number" ? place : null;
}

function mark(place: number): void {
  history.replaceState({ [PLACE]: place }, "");
}
