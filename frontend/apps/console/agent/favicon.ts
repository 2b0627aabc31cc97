import attention from "$lib/styles/icon-attention.svg";
import plain from "$lib/styles/icon.svg";

/** A dot on the page's icon while something waits to be read. */
export function showAttention(on: boolean): void {
  const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
  if (link) link.href = on ? attention : plain;
}
