const KEY = "switchboard.shortcuts";

/** What a single key does. Act only outside of inputs and dialogs, and can be switched off (WCAG 2.1.4). */
class Shortcuts {
  enabled = $state(read());

  enable(on: boolean): void {
    this.enabled = on;
    try {
      localStorage.setItem(KEY, on ? "on" : "off");
    } catch {
      // It holds for this page.
    }
  }

  /** Listen. `actions` are by key as the keyboard names it (`j`, `?`, `Escape`). Returns how to stop. */
  listen(actions: Record<string, () => void>): () => void {
    const keydown = (event: KeyboardEvent): void => {
      if (!this.enabled && event.key !== "Escape") return;
      if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey)
        return;
      if (document.querySelector("dialog[open], [role='menu']")) return;
      if (event.key !== "Escape" && isTyping(event.target)) return;
      const action = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (!action) return;
      event.preventDefault();
      action();
    };
    addEventListener("keydown", keydown);
    return () => removeEventListener("keydown", keydown);
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

/** The shortcuts of this page. */
export const shortcuts = new Shortcuts();
