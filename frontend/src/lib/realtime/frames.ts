import type { ServerFrame } from "./types";

const KNOWN = new Set([
  "welcome",
  "ack",
  "nack",
  "entry",
  "conversation",
  "queue",
  "typing",
  "looking",
  "mention",
  "read",
  "presence",
  "reset",
  "bye",
]);

/** A frame of the server, or null for what this version does not know: new types may come any day. */
export function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== "string") return null;
  try {
    const frame: unknown = JSON.parse(data);
    if (typeof frame !== "object" || frame === null) return null;
    const type = (frame as { type?: unknown }).type;
    return typeof type === "string" && KNOWN.has(type) ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
