/** Steps of a guide as the editor handles them: JSON objects with an id and a kind, and the fields of each kind. */

export type Step = Record<string, unknown> & { id: string; kind: string };

/** How a field is edited: a line, several, a number, one of some words, a step to go to, or JSON. */
export type FieldKind = "line" | "text" | "number" | "answer" | "way" | "json";

export const KINDS: Readonly<Record<string, readonly (readonly [string, FieldKind])[]>> = {
  say: [
    ["text", "text"],
    ["next", "way"],
  ],
  ask: [
    ["text", "text"],
    ["save", "line"],
    ["answer", "answer"],
    ["retries", "number"],
    ["again", "text"],
    ["next", "way"],
    ["failed", "way"],
  ],
  choose: [
    ["text", "text"],
    ["options", "json"],
    ["save", "line"],
    ["retries", "number"],
    ["failed", "way"],
  ],
  condition: [
    ["test", "json"],
    ["then", "way"],
    ["otherwise", "way"],
  ],
  set: [
    ["key", "line"],
    ["value", "line"],
    ["next", "way"],
  ],
  tag: [
    ["tag", "line"],
    ["next", "way"],
  ],
  handoff: [
    ["team", "line"],
    ["reason", "line"],
  ],
  resolve: [],
};

const FRESH: Readonly<Record<string, Record<string, unknown>>> = {
  say: { text: "" },
  ask: { text: "", save: "answer", answer: "text", retries: 2 },
  choose: { text: "", options: [{ label: "Yes" }, { label: "No" }], retries: 2 },
  condition: { test: { is: "known", key: "email" } },
  set: { key: "", value: "" },
  tag: { tag: "" },
  handoff: {},
  resolve: {},
};

/** A new step of a kind, with an id that no other has. */
export function fresh(kind: string, steps: readonly Step[]): Step {
  let number = steps.length + 1;
  while (steps.some((step) => step.id === `${kind}-${number}`)) number += 1;
  return { id: `${kind}-${number}`, kind, ...structuredClone(FRESH[kind] ?? {}) };
}

/** The steps with one moved by so many places; at the ends it stays. */
export function moved(steps: readonly Step[], place: number, by: number): Step[] {
  const to = place + by;
  const step = steps[place];
  if (!step || to < 0 || to >= steps.length) return [...steps];
  const rest = steps.filter((_, at) => at !== place);
  return [...rest.slice(0, to), step, ...rest.slice(to)];
}

/** The step with a field changed; an empty one is left out. */
export function changed(step: Step, field: string, value: unknown): Step {
  const { [field]: _, ...rest } = step;
  return (value === "" || value === undefined ? rest : { ...rest, [field]: value }) as Step;
}
