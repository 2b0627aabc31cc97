import type { Summary } from "$lib/api/types";
import { t } from "./texts";

/** From the least urgent to the most. */
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export type Priority = (typeof PRIORITIES)[number];

/** What is not known counts as normal. */
export function priorityOf({ priority }: Pick<Summary, "priority">): Priority {
  return PRIORITIES.find((known) => known === priority) ?? "normal";
}

export function priorityText(priority: Priority): string {
  return t(`priority_${priority}`);
}

/** Whether it is to be pointed out in a list. */
export function isPressing(summary: Pick<Summary, "priority">): boolean {
  return ["high", "urgent"].includes(priorityOf(summary));
}
