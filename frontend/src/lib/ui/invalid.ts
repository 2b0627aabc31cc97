import { tick } from "svelte";

/**
 * Goes to the first field that is wrong, once the page says so; to what is said of the whole form when no field is.
 * Pressing Save must never seem to do nothing.
 */
export async function focusInvalid(within: string | HTMLElement | null | undefined): Promise<void> {
  await tick();
  const root = typeof within === "string" ? document.getElementById(within) : within;
  const wrong = root?.querySelector<HTMLElement>("[aria-invalid='true']");
  (wrong ?? root?.querySelector("[role='alert']"))?.scrollIntoView({ block: "center" });
  wrong?.focus({ preventScroll: true });
}
