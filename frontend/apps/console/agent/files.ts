import type { FileAccess } from "$lib/files/access";

/** Where the files of a conversation are, for staff. */
export function filesOf(conversation: string): FileAccess {
  return { path: `/conversations/${encodeURIComponent(conversation)}` };
}
