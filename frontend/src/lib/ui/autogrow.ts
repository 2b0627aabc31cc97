import type { Attachment } from "svelte/attachments";

/**
 * Keeps a text area as high as its text, up to its `max-block-size`. `text` is read so that a change from outside
 * (a draft restored, a message sent) counts too. The height is set through CSSOM, as the policy demands.
 */
export function autogrow(text: () => string): Attachment<HTMLTextAreaElement> {
  return (area) => {
    fit(area, text());
  };
}

function fit(area: HTMLTextAreaElement, _text: string): void {
  area.style.blockSize = "auto";
  // Not shown yet (a dialog about to open): its rows are height enough.
  if (area.scrollHeight === 0) return;
  const borders = area.offsetHeight - area.clientHeight;
  area.style.blockSize = `${area.scrollHeight + borders}px`;
}
