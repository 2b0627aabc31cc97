import type { Conversation } from "$lib/api/types";
import { t } from "./texts";

/** Who has it: the headline above the messages. `other` is who wrote last, for when nobody has it any more. */
export function ownerName(conversation: Conversation, other?: string | null): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return other || t("ownerEnded");
  if (owner.kind === "queue") return t("ownerQueue");
  return owner.name ?? owner.id ?? t("ownerAgent");
}
