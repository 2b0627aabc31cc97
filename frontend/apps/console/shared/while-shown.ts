/**
 * Looks at once, then every `everyMs` milliseconds, and when the page is shown again; never while it is not shown. Answers
 * what ends it, as `onMount` wants it.
 */
export function whileShown(everyMs: number, look: () => Promise<void>): () => void {
  const shown = (): void => {
    if (!document.hidden) void look();
  };
  shown();
  const timer = setInterval(shown, everyMs);
  document.addEventListener("visibilitychange", shown);
  return () => {
    clearInterval(timer);
    document.removeEventListener("visibilitychange", shown);
  };
}
