import type { Conversation } from "$lib/api/types";
import { c } from "./conversation-texts";

/** Who has it: the headline above the messages. `other` is who wrote last, for when nobody has it any more. */
export function ownerName(conversation: Conversation, other?: string | null): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return other || c("ownerEnded");
  if (owner.kind === "queue") return c("ownerQueue");
  return owner.name ?? owner.id ?? c("ownerAgent");
}
