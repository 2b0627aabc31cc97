import type { Widget } from "./widget";

/** `Chat(name, …)`. Pages may call it before this script is here, with a stand-in that fills `Chat.q`. */
type Command = (name: string, ...rest: unknown[]) => void;

const COMMANDS = [
  "open",
  "close",
  "toggle",
  "show",
  "hide",
  "identify",
  "track",
  "prefill",
  "locale",
  "theme",
  "logout",
  "destroy",
  "on",
  "off",
] as const;

/** Serve `window.Chat`: first what waited in its queue, then every call. */
export function takeCommands(widget: Widget): void {
  const waiting = (window.Chat as { q?: unknown[] } | undefined)?.q ?? [];
  const chat: Command = (name, ...rest) => {
    const known = COMMANDS.find((command) => command === name);
    if (known) (widget[known] as (...values: unknown[]) => void)(...rest);
    else widget.error(`Chat("${name}") is unknown`);
  };
  window.Chat = chat;
  for (const call of waiting) {
    // The stand-in keeps `arguments` objects or arrays.
    const [name, ...rest] = Array.from(call as ArrayLike<unknown>);
    chat(String(name), ...rest);
  }
}
