import { createSubscriber } from "svelte/reactivity";

const SECOND_MS = 1_000;

const subscribe = createSubscriber((update) => {
  const timer = setInterval(update, SECOND_MS);
  return () => clearInterval(timer);
});

/** The time in milliseconds; where it is shown, it moves every second. One timer for the whole page. */
export function now(): number {
  subscribe();
  return Date.now();
}
