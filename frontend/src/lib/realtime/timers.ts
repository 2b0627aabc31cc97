/** Named timers: setting one again replaces it, and all end together. */
export class Timers {
  readonly #running = new Map<string, ReturnType<typeof setTimeout>>();

  /** Run `then` after `ms` milliseconds unless cancelled or set again. */
  after(name: string, ms: number, then: () => void): void {
    this.cancel(name);
    const timer = setTimeout(() => {
      this.#running.delete(name);
      then();
    }, ms);
    this.#running.set(name, timer);
  }

  has(name: string): boolean {
    return this.#running.has(name);
  }

  /** True if it was running. */
  cancel(name: string): boolean {
    clearTimeout(this.#running.get(name));
    return this.#running.delete(name);
  }

  cancelAll(): void {
    for (const name of [...this.#running.keys()]) this.cancel(name);
  }
}
