import { SvelteMap } from "svelte/reactivity";
import { KeptFiles } from "$lib/files/kept.svelte";

const KEY = "switchboard.drafts.";

/** What is written and not sent, by conversation and kind. Texts outlive a reload of this tab, files do not. */
class Drafts {
  #texts = new SvelteMap<string, string>();
  readonly #files = new Map<string, KeptFiles>();

  get(conversation: string, kind: string): string {
    const name = `${conversation}.${kind}`;
    return this.#texts.get(name) ?? stored(KEY + name);
  }

  set(conversation: string, kind: string, text: string): void {
    const name = `${conversation}.${kind}`;
    this.#texts.set(name, text);
    try {
      if (text) sessionStorage.setItem(KEY + name, text);
      else sessionStorage.removeItem(KEY + name);
    } catch {
      // It is kept for this page.
    }
  }

  /** The files that wait for it: what is attached to a note never goes with a reply. */
  files(conversation: string, kind: string): KeptFiles {
    const name = `${conversation}.${kind}`;
    let kept = this.#files.get(name);
    if (!kept) this.#files.set(name, (kept = new KeptFiles()));
    return kept;
  }

  /** Forget all of them: at signing out, the next one at this computer must not read them. */
  clear(): void {
    this.#texts.clear();
    for (const { files } of this.#files.values()) files?.tray.clear();
    this.#files.clear();
    try {
      for (const key of Object.keys(sessionStorage)) if (key.startsWith(KEY)) sessionStorage.removeItem(key);
    } catch {
      // Nothing was stored then.
    }
  }
}

function stored(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** The drafts of this page. */
export const drafts = new Drafts();
