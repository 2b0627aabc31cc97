import type { CannedReply } from "$lib/api/types";

/** What is put into a canned reply; empty is not known. */
export interface Names {
  visitor: { name: string; email: string };
  agent: { name: string };
}

/** Where a shortcut is being typed: from its `/` to the caret. */
export interface Token {
  start: number;
  end: number;
  /** What stands behind the `/`. */
  query: string;
}

/** A `/` at the beginning or behind white space, and what a shortcut may consist of. */
const TYPED = /(?:^|\s)\/([a-z0-9._-]{0,32})$/iu;

/** The shortcut that is being typed at the caret; null when none is. */
export function token(text: string, caret: number): Token | null {
  const query = TYPED.exec(text.slice(0, caret))?.[1];
  if (query === undefined) return null;
  return { start: caret - query.length - 1, end: caret, query: query.toLowerCase() };
}

/** Those that fit, best first: by the beginning of the shortcut, by a part of it, by words of the text. */
export function matching(all: readonly CannedReply[], query: string): CannedReply[] {
  const rank = ({ shortcut, text }: CannedReply): number => {
    if (shortcut.startsWith(query)) return 0;
    if (shortcut.includes(query)) return 1;
    return text
      .toLowerCase()
      .split(/\s+/u)
      .some((word) => word.startsWith(query))
      ? 2
      : 3;
  };
  return all
    .map((canned) => ({ canned, rank: rank(canned) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.canned.shortcut.localeCompare(b.canned.shortcut))
    .map((one) => one.canned);
}

/** The text with the names in it. What is not known and has nothing behind a `|` stays visible in brackets. */
export function fill(text: string, names: Names): string {
  const first = (name: string): string => name.split(/\s+/u)[0] ?? "";
  const known: Record<string, string> = {
    "visitor.name": names.visitor.name,
    "visitor.first_name": first(names.visitor.name),
    "visitor.email": names.visitor.email,
    "agent.name": names.agent.name,
    "agent.first_name": first(names.agent.name),
  };
  return text.replaceAll(/\{\{([^{}|]*)(?:\|([^{}]*))?\}\}/gu, (whole, name: string, instead?: string) => {
    const value = known[name.trim()];
    if (value === undefined) return whole;
    return value || (instead ?? `[${name.trim().replace(".", " ").replace("_", " ")}]`);
  });
}
