/** The dialogs that are open, the topmost last. All that is not in the topmost one is inert and not read out. */
class Modals {
  #open = $state.raw<readonly HTMLDialogElement[]>([]);

  get top(): HTMLDialogElement | null {
    return this.#open.at(-1) ?? null;
  }

  opened(dialog: HTMLDialogElement): void {
    this.#open = [...this.#open, dialog];
  }

  closed(dialog: HTMLDialogElement): void {
    this.#open = this.#open.filter((other) => other !== dialog);
  }
}

/** Those of this page. */
export const modals = new Modals();
