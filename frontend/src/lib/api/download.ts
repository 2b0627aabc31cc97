/** Files for people to keep. */

/** Fetches a file as the browser does it: where the cookie is enough. */
export function downloadFrom(address: string): void {
  follow(address, "");
}

/** Keeps a text that is here already. */
export function downloadText(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
  follow(address, name);
  // The browser has begun to read it by then.
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS);
}

/** How long the address of a text is good. */
const KEPT_MS = 10_000;

function follow(address: string, name: string): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}
