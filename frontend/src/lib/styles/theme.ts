/** Light, dark, or as the system says. Kept in this browser only. */
export type Theme = "system" | "light" | "dark";

const KEY = "switchboard.theme";

/** The chosen theme. Storage may be refused (a cross-site frame, a private window): then the system's. */
export function storedTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system";
  }
}

/** Show a theme without keeping it. */
export function showTheme(theme: Theme): void {
  const root = document.documentElement;
  if (theme === "system") delete root.dataset["theme"];
  else root.dataset["theme"] = theme;
}

/** Show a theme and keep it for the next time. */
export function keepTheme(theme: Theme): void {
  showTheme(theme);
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // It holds for this page; there is nowhere to keep it.
  }
}
