/** Short messages about something just done, at the edge of the page. */
export interface ToastMessage {
  readonly id: number;
  readonly text: string;
  readonly tone: "info" | "ok" | "danger";
  readonly action: { label: string; run: () => void } | null;
}

/** Milliseconds a toast stays; one with an action, or that tells of a failure, stays longer. */
const STAY_MS = 4_000;
const STAY_LONGER_MS = 9_000;
/** More than these at a time are not read by anybody. */
const MAX_SHOWN = 3;

class Toasts {
  shown = $state.raw<readonly ToastMessage[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  /** Show a message; the oldest makes room. */
  show(text: string, options: Partial<Pick<ToastMessage, "tone" | "action">> = {}): void {
    const toast: ToastMessage = {
      id: this.#next++,
      text,
      tone: options.tone ?? "info",
      action: options.action ?? null,
    };
    // The same once more takes the place of the first.
    for (const same of this.shown)
      if (same.text === toast.text && same.tone === toast.tone) this.dismiss(same.id);
    for (const old of this.shown.slice(0, Math.max(0, this.shown.length + 1 - MAX_SHOWN)))
      this.dismiss(old.id);
    this.shown = [...this.shown, toast];
    const stay = toast.action || toast.tone === "danger" ? STAY_LONGER_MS : STAY_MS;
    this.#timers.set(
      toast.id,
      setTimeout(() => this.dismiss(toast.id), stay),
    );
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.shown = this.shown.filter((toast) => toast.id !== id);
  }
}

/** The toasts of this page; `Toaster` shows them. */
export const toasts = new Toasts();
