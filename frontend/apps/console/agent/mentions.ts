/** Calling colleagues in a private note: what is typed behind an `@`, and who fits. Pure. */
import type { StaffDirectory, Summary } from "$lib/api/types";
import type { Token } from "./canned";

export type Colleague = StaffDirectory["agents"][number];

/** An `@` where a word begins, and what a username may consist of. */
const TYPED = /(?:^|[^\p{L}\p{N}._@/-])@([a-z0-9._-]{0,64})$/iu;

/** The name that is being typed at the caret; null when none is. */
export function mentionToken(text: string, caret: number): Token | null {
  const query = TYPED.exec(text.slice(0, caret))?.[1];
  if (query === undefined) return null;
  return { start: caret - query.length - 1, end: caret, query: query.toLowerCase() };
}

/** Who may see this conversation: only they can be called. The server decides again. */
export function mayBeCalled(agent: Colleague, summary: Summary, me: string): boolean {
  if (agent.id === me || !agent.username) return false;
  return !summary.team || summary.owner.id === agent.id || (agent.teams?.includes(summary.team) ?? false);
}

/** Those that fit, best first: whose username or name begins so, then a later word of the name, then any part. */
export function fitting(agents: readonly Colleague[], query: string): Colleague[] {
  const rank = ({ username = "", name }: Colleague): number => {
    const shown = name.toLowerCase();
    if (username.startsWith(query) || shown.startsWith(query)) return 0;
    if (shown.split(/\s+/u).some((word) => word.startsWith(query))) return 1;
    return username.includes(query) ? 2 : 3;
  };
  return agents
    .map((agent) => ({ agent, rank: rank(agent) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.agent.name.localeCompare(b.agent.name))
    .map((one) => one.agent);
}
