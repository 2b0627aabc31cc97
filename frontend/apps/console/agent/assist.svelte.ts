import { asApiError } from "$lib/api/problem";
import { staffApi } from "$lib/api/staff";
import type { AssistTask, Cited } from "$lib/api/types";
import { problemText } from "../shared/problem";

/** What the assistant has written, or why it has not. */
export type Help =
  | { kind: "draft"; sources: readonly Cited[] }
  | { kind: "summary"; text: string }
  | { kind: "failed"; text: string };

/** The assistant's help with one conversation. Nothing of it is sent by itself. */
export class AssistHelp {
  readonly #id: string;
  /** What is being written. */
  busy = $state<AssistTask | null>(null);
  help = $state.raw<Help | null>(null);

  constructor(id: string) {
    this.#id = id;
  }

  /** Asks for a draft; `take` gets its text. */
  async draft(take: (text: string) => void): Promise<void> {
    await this.#ask("draft", (text, sources) => {
      take(text);
      this.help = { kind: "draft", sources };
    });
  }

  async summarise(): Promise<void> {
    await this.#ask("summary", (text) => (this.help = { kind: "summary", text }));
  }

  close(): void {
    this.help = null;
  }

  async #ask(task: AssistTask, done: (text: string, sources: Cited[]) => void): Promise<void> {
    if (this.busy) return;
    this.busy = task;
    this.help = null;
    try {
      const { text, sources } = await staffApi.assist(this.#id, task);
      done(text, sources ?? []);
    } catch (cause) {
      // The server says what is wrong with the assistant, which no text of ours could.
      const error = asApiError(cause);
      const known = ["unavailable", "gone"].includes(error.remedy) ? error.problem.detail : undefined;
      this.help = { kind: "failed", text: known ?? problemText(cause) };
    } finally {
      this.busy = null;
    }
  }
}
