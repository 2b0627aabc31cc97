import type { Entry } from "../api/types";

/** Entries of one conversation: each `seq` once, ascending. Every change makes a new list. */
export interface Log {
  readonly entries: readonly Entry[];
  readonly known: ReadonlySet<number>;
}

export const EMPTY_LOG: Log = { entries: [], known: new Set() };

/** The log with `more` in it; the same object where there was nothing new. */
export function withEntries(log: Log, more: readonly Entry[]): Log {
  const known = new Set(log.known);
  const fresh = more.filter((entry) => !known.has(entry.seq) && known.add(entry.seq));
  if (fresh.length === 0) return log;
  const last = log.entries.at(-1)?.seq ?? 0;
  const entries = [...log.entries, ...fresh];
  const first = fresh[0]?.seq ?? 0;
  if (fresh.length > 1 || first < last) entries.sort((left, right) => left.seq - right.seq);
  return { entries, known };
}
