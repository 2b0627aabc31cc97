import { readSettings } from "./settings";
import { takeCommands } from "./commands";
import { Widget } from "./widget";

/** One widget on a page, however often the script is included. */
declare global {
  interface Window {
    Chat?: unknown;
  }
}

const settings = readSettings(document.currentScript);
if (settings && !document.querySelector("switchboard-chat")) {
  const begin = (): void => takeCommands(new Widget(settings));
  if (document.body) begin();
  else addEventListener("DOMContentLoaded", begin, { once: true });
}
