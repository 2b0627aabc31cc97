import { keepIn } from "$lib/realtime/storage";

const PREFIX = "switchboard.draft.";
/** Of a reload of this tab only; in memory where a frame has no storage. */
const kept = keepIn("session");

/** What was written and not sent yet, by the conversation or form that it is for. */
export const drafts = {
  of: (key: string): string => kept.get(PREFIX + key) ?? "",

  keep(key: string, text: string): void {
    if (text === "") kept.remove(PREFIX + key);
    else kept.set(PREFIX + key, text);
  },

  /** The next visitor of this browser sees nothing of it. */
  clear(): void {
    for (const key of kept.keys(PREFIX)) kept.remove(key);
  },
};
