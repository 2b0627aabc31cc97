/** What agents ask of the assistant, and what it writes. */

/** What it can be asked for. */
export type AssistTask = "draft" | "summary";

/** An article that it was given. */
export interface Cited {
  title: string;
  url: string;
}

/** What it has written. */
export interface Assisted {
  text: string;
  sources?: Cited[];
}
