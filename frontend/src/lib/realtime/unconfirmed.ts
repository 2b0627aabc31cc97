/**
 * Conversations that were known before a connection came back and that the server has not spoken of since. They may
 * have changed hands meanwhile, and nobody would tell: a welcome names only an agent's own.
 */
export class Unconfirmed {
  #ids = new Set<string>();

  /** Begin anew with everything known. */
  doubt(ids: Iterable<string>): void {
    this.#ids = new Set(ids);
  }

  confirm(id: string): void {
    this.#ids.delete(id);
  }

  /** What is still in doubt; asked once. */
  take(): string[] {
    const left = [...this.#ids];
    this.#ids.clear();
    return left;
  }
}
