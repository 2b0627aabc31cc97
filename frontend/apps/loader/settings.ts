/** What the script tag says. */
export interface Settings {
  /** Where the script came from: the only origin that the widget speaks with. */
  origin: string;
  inbox: string;
  /** Which lower corner, by reading direction. */
  position: "start" | "end";
  locale: string;
  theme: string;
  /** False: the page opens the chat with a button of its own. */
  launcher: boolean;
  open: boolean;
  /** Who this is, signed by the site's server. */
  identity: string;
}

/** Null where the script was not included by a tag with an address. */
export function readSettings(script: Element | null): Settings | null {
  if (!(script instanceof HTMLScriptElement) || !script.src) return null;
  const { inbox, position, locale, theme, launcher, open, identity } = script.dataset;
  return {
    origin: new URL(script.src).origin,
    inbox: inbox ?? "",
    position: position === "start" || position === "left" ? "start" : "end",
    locale: locale ?? "",
    theme: theme ?? "",
    launcher: launcher !== "none",
    open: open !== undefined && open !== "false",
    identity: identity ?? "",
  };
}
