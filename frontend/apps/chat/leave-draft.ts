/** What was written into the form for leaving a message. */
export interface LeaveDraft {
  name: string;
  email: string;
  text: string;
  attributes: Record<string, string>;
}

/** What `JSON.stringify` made of it; nothing where nothing is kept. */
export function readDraft(kept: string): LeaveDraft {
  const nothing: LeaveDraft = { name: "", email: "", text: "", attributes: {} };
  try {
    return { ...nothing, ...(JSON.parse(kept) as Partial<LeaveDraft>) };
  } catch {
    return nothing;
  }
}
