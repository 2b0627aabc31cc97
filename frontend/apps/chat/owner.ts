import type { Conversation } from "$lib/api/types";
import { t } from "./texts";

/** Who has it: the headline above the messages. */
export function ownerName(conversation: Conversation): string {
  const { owner, status } = conversation;
  if (status === "resolved" || owner.kind === "none") return t("ownerEnded");
  if (owner.kind === "queue") return t("ownerQueue");
  return owner.name ?? owner.id ?? t("ownerAgent");
}
