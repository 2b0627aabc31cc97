/** Milliseconds within which several receipts of one conversation become one. */
const COALESCE_MS = 500;

/** Tells the server how far this side has read: rising values only, a few at a time, the rest after a reconnect. */
export class ReadReceipts {
  readonly #transmit: (conversation: string, seq: number) => boolean;
  readonly #seen = new Map<string, { seq: number; told: number }>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(transmit: (conversation: string, seq: number) => boolean) {
    this.#transmit = transmit;
  }

  saw(conversation: string, seq: number): void {
    const known = this.#seen.get(conversation) ?? { seq: 0, told: 0 };
    if (seq <= known.seq) return;
    this.#seen.set(conversation, { ...known, seq });
    this.#timer ??= setTimeout(() => this.flush(), COALESCE_MS);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    for (const [conversation, known] of this.#seen) {
      if (known.seq > known.told && this.#transmit(conversation, known.seq)) known.told = known.seq;
    }
  }

  /** The last receipts may be lost with the socket: the newest of each is told again. */
  dropped(): void {
    for (const known of this.#seen.values()) known.told = 0;
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#seen.clear();
  }
}
