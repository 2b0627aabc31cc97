const KEY = "switchboard.ctrl-sends";

/** How this browser's agents want to send what they write. */
class Writing {
  /** Ctrl+Enter (⌘ Enter) sends and Enter begins a line; the other way round to begin with. */
  ctrlSends = $state(read());

  choose(ctrlSends: boolean): void {
    this.ctrlSends = ctrlSends;
    try {
      localStorage.setItem(KEY, ctrlSends ? "on" : "off");
    } catch {
      // It holds for this page.
    }
  }
}

function read(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

/** What was chosen here. */
export const writing = new Writing();
