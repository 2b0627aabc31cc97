const PREFIX = "switchboard.visitor.";

/**
 * The visitor's token, kept for the frame in this page's storage: a cross-site frame has none of its own. It is
 * opaque here and goes to nobody but the frame. Where storage is refused it lives as long as the page.
 */
export class TokenKeep {
  readonly #key: string;
  #memory: string | null = null;

  constructor(origin: string, inbox: string) {
    this.#key = `${PREFIX}${origin}${inbox ? ` ${inbox}` : ""}`;
  }

  get(): string | null {
    try {
      return localStorage.getItem(this.#key) ?? this.#memory;
    } catch {
      return this.#memory;
    }
  }

  set(token: string | null): void {
    this.#memory = token;
    try {
      if (token === null) localStorage.removeItem(this.#key);
      else localStorage.setItem(this.#key, token);
    } catch {
      // In memory, then.
    }
  }
}
