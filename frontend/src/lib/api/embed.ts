/**
 * What the widget's loader (on another site's page) and the chat page (in its frame) say to each other: one
 * `postMessage` from the loader that carries a `MessagePort`, then everything over the port.
 */

/** Marks the one message that carries the port. */
export const EMBED_HELLO = "switchboard:hello";

/** What a host page may say about its visitor; `identity` is a signed token. */
export interface EmbedDetails {
  name?: string;
  email?: string;
  identity?: string;
  page?: string;
  inbox?: string;
  locale?: string;
}

export interface EmbedHello {
  type: typeof EMBED_HELLO;
  /** What the frame gave to keep last time: opaque to the loader. */
  token: string | null;
  /** Whether the frame is shown now. */
  open: boolean;
  theme: string;
  details: EmbedDetails;
}

export type ToFrame =
  | { type: "open" | "close" | "logout" }
  | { type: "details"; details: EmbedDetails }
  | { type: "prefill"; text: string }
  | { type: "theme"; theme: string };

export type ToHost =
  | { type: "ready" | "close" }
  /** Keep this and give it back in the next hello; null: forget it. */
  | { type: "token"; token: string | null }
  | { type: "unread"; count: number }
  | { type: "message"; conversation: string; text: string }
  | { type: "error"; detail: string };
