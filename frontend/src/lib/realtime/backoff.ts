import { BACKOFF_CAP_MS, BACKOFF_FIRST_MS } from "./limits";

/** Milliseconds before attempt number `attempt` (0 is the first retry): full jitter under a doubling ceiling. */
export function backoff(attempt: number, random: () => number = Math.random): number {
  const ceiling = Math.min(BACKOFF_CAP_MS, BACKOFF_FIRST_MS * 2 ** Math.min(attempt, 16));
  return random() * ceiling;
}
