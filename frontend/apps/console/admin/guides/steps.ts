/** Steps of a guide as the editor handles them: JSON objects with an id and a kind, and the fields of each kind. */

export type Step = Record<string, unknown> & { id: string; kind: string };

/** Something to put right: at a step by its place, or at the whole guide. */
export interface Problem {
  place?: number;
  step?: string;
  field: string;
  text: string;
}

/** An option of a choice; without `next` it goes on with the step below. */
export interface Option {
  label: string;
  next?: string;
}

/** What a condition asks; which fields it has depends on `is`. */
export type Test = Record<string, string> & { is: string };

export const KINDS = [
  "say",
  "ask",
  "choose",
  "condition",
  "set",
  "tag",
  "call",
  "go",
  "handoff",
  "resolve",
] as const;
export type Kind = (typeof KINDS)[number];
export const ANSWERS = ["text", "name", "email", "number"] as const;
/** What conditions ask beside what visitors answered. */
export const ASKED = ["language", "page", "open", "tagged"] as const;
/** How often a question may be asked again. */
export const RETRIES = 5;
/** Most options of a choice, and most steps. */
export const OPTIONS = 20;
export const STEPS = 200;
/** Of a long text this much tells one step from another. */
const GIST_CHARS = 48;

const FRESH: Readonly<Record<Kind, Record<string, unknown>>> = {
  say: { text: "" },
  ask: { text: "", save: "", answer: "text", retries: 2 },
  choose: { text: "", options: [{ label: "" }, { label: "" }], retries: 2 },
  condition: { test: { is: "known", key: "email" } },
  set: { key: "", value: "" },
  tag: { tag: "" },
  call: { webhook: "" },
  go: { automation: "" },
  handoff: {},
  resolve: {},
};
/** Fields that a step may do without. */
const OPTIONAL = new Set(["next", "failed", "again", "then", "otherwise", "team", "reason", "keep"]);
/** Fields that name the step to go to. */
const WAYS = ["next", "failed", "then", "otherwise"];

export const isKind = (kind: string): kind is Kind => (KINDS as readonly string[]).includes(kind);

/** A field as text. */
export function shown(step: Step, field: string): string {
  const value = step[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

function newId(kind: string, steps: readonly Step[]): string {
  let number = steps.length + 1;
  while (steps.some((step) => step.id === `${kind}-${number}`)) number += 1;
  return `${kind}-${number}`;
}

/** With a step that was taken out put in again: under another id when a newer step has its own. */
export function restored(steps: readonly Step[], place: number, step: Step): Step[] {
  const taken = steps.some((other) => other.id === step.id);
  return inserted(steps, place, taken ? { ...step, id: newId(step.kind, steps) } : step);
}

/** A new step of a kind, with an id that no other has. */
export function fresh(kind: Kind, steps: readonly Step[]): Step {
  return { id: newId(kind, steps), kind, ...structuredClone(FRESH[kind]) };
}

/** The steps with another one at a place. */
export function inserted(steps: readonly Step[], place: number, step: Step): Step[] {
  return [...steps.slice(0, place), step, ...steps.slice(place)];
}

/** What is at a place moved by so many; at the ends it stays. */
export function moved<T>(all: readonly T[], place: number, by: number): T[] {
  const to = place + by;
  if (place < 0 || place >= all.length || to < 0 || to >= all.length) return [...all];
  const rest = all.filter((_, at) => at !== place);
  return [...rest.slice(0, to), ...all.slice(place, place + 1), ...rest.slice(to)];
}

/** The step with a field changed; one that it may do without is left out when it is emptied. */
export function changed(step: Step, field: string, value: unknown): Step {
  const optional = OPTIONAL.has(field) || (step.kind === "choose" && field === "save");
  const empty = value === "" || (Array.isArray(value) && value.length === 0);
  const gone = value === undefined || (empty && optional);
  if (!gone) return { ...step, [field]: value };
  return Object.fromEntries(Object.entries(step).filter(([name]) => name !== field)) as Step;
}

/** Gives a step another id; those that went to it still do, unless another step has the old id too. */
export function renamed(steps: readonly Step[], place: number): Step[] {
  const step = steps[place];
  if (!step) return [...steps];
  const [old, id] = [step.id, newId(isKind(step.kind) ? step.kind : "step", steps)];
  const alone = steps.every((other, at) => at === place || other.id !== old);
  const to = (way: unknown): unknown => (alone && way === old ? id : way);
  return steps.map((other, at) => {
    const ways = Object.fromEntries(WAYS.filter((way) => way in other).map((way) => [way, to(other[way])]));
    const after = { ...other, ...ways, id: at === place ? id : other.id } as Step;
    if (Array.isArray(other["options"])) {
      after["options"] = optionsOf(other).map((one) =>
        "next" in one ? { ...one, next: to(one.next) } : one,
      );
    }
    return after;
  });
}

/** A key for each step that stays the same while it moves, even where two have one id. */
export function keyed(steps: readonly Step[]): { step: Step; key: string }[] {
  const seen = new Map<string, number>();
  return steps.map((step) => {
    const nth = (seen.get(step.id) ?? 0) + 1;
    seen.set(step.id, nth);
    return { step, key: `${step.id}/${nth}` };
  });
}

/** What tells a step from others of its kind. */
export function gist(step: Step): string {
  const field = { set: "key", tag: "tag", go: "automation", handoff: "reason" }[step.kind] ?? "text";
  const words =
    step.kind === "condition" ? Object.values(testOf(step)).slice(1).join(" ") : shown(step, field);
  const text = words.replace(/\s+/g, " ").trim();
  const letters = [...text];
  return letters.length > GIST_CHARS ? `${letters.slice(0, GIST_CHARS - 1).join("")}…` : text;
}

/** The keys under which something may be known: the visitor's own and what the steps keep. */
export function keysOf(steps: readonly Step[]): string[] {
  const kept = steps.flatMap((step) => [
    shown(step, step.kind === "set" ? "key" : "save"),
    ...(step.kind === "call" ? keptOf(step) : []),
  ]);
  return [...new Set(["name", "email", ...kept.filter((key) => key !== "")])];
}

/** What is kept of a web hook's answer, whatever a file said. */
export function keptOf(step: Step): string[] {
  const keys: unknown = step["keep"];
  return Array.isArray(keys) ? keys.filter((key): key is string => typeof key === "string") : [];
}

/** Keys as a person writes them, one after the other. */
export const keysIn = (text: string): string[] => text.split(/[\s,;]+/).filter((key) => key !== "");

/** The options of a choice, whatever a file said. */
export function optionsOf(step: Step): Option[] {
  const all: unknown = step["options"];
  if (!Array.isArray(all)) return [];
  return all.map((one: unknown) => {
    const { label, next } = (typeof one === "object" && one ? one : {}) as Record<string, unknown>;
    return {
      label: typeof label === "string" ? label : "",
      ...(typeof next === "string" ? { next } : {}),
    };
  });
}

/** The test of a condition, whatever a file said. */
export function testOf(step: Step): Test {
  const test = step["test"];
  const fields = Object.entries((typeof test === "object" && test ? test : {}) as Record<string, unknown>);
  const texts = fields.filter((field): field is [string, string] => typeof field[1] === "string");
  return { is: "known", ...Object.fromEntries(texts) };
}

/** What a test asks about: `key:KEY` for an answer, or one of [`ASKED`]. */
export function subject(test: Test): string {
  return test.is === "known" || test.is === "equals" ? `key:${test["key"] ?? ""}` : test.is;
}

/** The test for a subject that was chosen; what was compared with an answer is kept for another one. */
export function asking(chosen: string, before: Test): Test {
  if (chosen.startsWith("key:")) {
    const key = chosen.slice("key:".length);
    return before.is === "equals"
      ? { is: "equals", key, value: before["value"] ?? "" }
      : { is: "known", key };
  }
  const field = { language: "language", page: "pattern", open: "team", tagged: "tag" }[chosen] ?? "tag";
  return { is: chosen, [field]: "" };
}

/** The problems of a step: by its id where that is its own, by its place otherwise. */
export function problemsOf(problems: readonly Problem[], steps: readonly Step[], place: number): Problem[] {
  const id = steps[place]?.id;
  const alone = steps.filter((step) => step.id === id).length === 1;
  return problems.filter((problem) =>
    problem.step !== undefined && alone ? problem.step === id : problem.place === place,
  );
}

/** What a refusal says about fields such as `steps.3.next`, as problems of the steps that were sent. */
export function refused(fields: Readonly<Record<string, string>>, steps: readonly Step[]): Problem[] {
  return Object.entries(fields).map(([name, said]) => {
    const [, at, field] = /^steps\.(\d+)\.(\w+)$/.exec(name) ?? [];
    if (at === undefined || field === undefined) return { field: name, text: said };
    const step = steps[Number(at)];
    const text = said.replace(/^step "[^"]*": /, "");
    return { place: Number(at), ...(step ? { step: step.id } : {}), field, text };
  });
}

/** An automation's name made of a title. */
export function nameOf(title: string): string {
  const plain = title.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  return plain
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 26)
    .replace(/^-+|-+$/g, "");
}
