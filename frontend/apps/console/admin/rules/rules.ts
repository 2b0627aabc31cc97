/** Rules as the editor handles them: the JSON of the API, and what each kind of part begins with. */
import type { Rule, RuleDraft, RulePart } from "$lib/api/types";

export const TRIGGERS = ["started", "message", "waiting", "tagged", "rated", "hours"] as const;
export const CONDITIONS = [
  "message",
  "hours",
  "team",
  "owner",
  "tagged",
  "priority",
  "page",
  "email",
  "answer",
] as const;
export const ACTIONS = [
  "team",
  "tag",
  "priority",
  "send",
  "automation",
  "notify",
  "snooze",
  "resolve",
] as const;
export const MATCHES = ["words", "phrase", "regex"] as const;
export const PRIORITIES = ["low", "normal", "high", "urgent"] as const;
export const OWNERS = ["automation", "queue", "agent", "none"] as const;
export type TriggerKind = (typeof TRIGGERS)[number];
export type ConditionKind = (typeof CONDITIONS)[number];
export type ActionKind = (typeof ACTIONS)[number];

/** Most conditions and most actions of a rule. */
export const PARTS = 10;

export interface Pattern {
  match: string;
  words?: string[];
  text?: string;
  expression?: string;
}

const isOf = <T extends string>(all: readonly T[], value: unknown): value is T =>
  (all as readonly unknown[]).includes(value);
export const isTrigger = (value: unknown): value is TriggerKind => isOf(TRIGGERS, value);
export const isCondition = (value: unknown): value is ConditionKind => isOf(CONDITIONS, value);
export const isAction = (value: unknown): value is ActionKind => isOf(ACTIONS, value);

const pattern = (): Pattern => ({ match: "words", words: [] });

/** A trigger of a kind, to be filled in. */
export function freshTrigger(kind: TriggerKind, team = ""): RulePart {
  const more: Record<TriggerKind, Record<string, unknown>> = {
    started: {},
    message: { pattern: pattern() },
    waiting: { longer_than_s: 300 },
    tagged: { tag: "" },
    rated: { at_most: 2 },
    hours: { team, open: true },
  };
  return { when: kind, ...more[kind] };
}

/** A condition of a kind, to be filled in. */
export function freshCondition(kind: ConditionKind, team = ""): RulePart {
  const more: Record<ConditionKind, Record<string, unknown>> = {
    message: { pattern: pattern() },
    hours: { team, open: true },
    team: { team: team || null },
    owner: { is: "queue" },
    tagged: { tag: "", has: true },
    priority: { at_least: "high" },
    page: { contains: "" },
    email: { known: true },
    answer: { key: "", is: "" },
  };
  return { if: kind, ...more[kind] };
}

/** An action of a kind, to be filled in. */
export function freshAction(
  kind: ActionKind,
  first: { team?: string; webhook?: string; automation?: string },
): RulePart {
  const more: Record<ActionKind, Record<string, unknown>> = {
    team: { team: first.team ?? "" },
    tag: { tag: "" },
    priority: { priority: "high" },
    send: { text: "" },
    automation: { name: first.automation ?? "" },
    notify: { webhook: first.webhook ?? "" },
    snooze: { for_s: 3_600 },
    resolve: {},
  };
  return { then: kind, ...more[kind] };
}

/** A rule to begin with. */
export function freshRule(): RuleDraft {
  return {
    name: "",
    on: true,
    trigger: freshTrigger("started"),
    conditions: [],
    actions: [{ then: "tag", tag: "" }],
    stop: false,
  };
}

/** What of a rule is stored. */
export function draftOf(rule: Rule): RuleDraft {
  const { name, on, trigger, conditions, actions, stop } = rule;
  return { name, on, trigger, conditions, actions, stop };
}

/** A field as text. */
export function shown(part: RulePart, field: string): string {
  const value = part[field];
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

export function patternOf(part: RulePart): Pattern {
  const value = part["pattern"];
  return typeof value === "object" && value !== null ? (value as Pattern) : pattern();
}

/** Words as they are typed: separated by commas, spaces or lines. */
export const wordsOf = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

/** What is looked for, as text. */
export function sought(looked: Pattern): string {
  if (looked.match === "words") return (looked.words ?? []).join(", ");
  return (looked.match === "phrase" ? looked.text : looked.expression) ?? "";
}

/** A pattern that looks for the same in another way. */
export function matching(match: string, text: string): Pattern {
  if (match === "words") return { match, words: wordsOf(text) };
  return match === "phrase" ? { match, text } : { match: "regex", expression: text };
}

const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
export const UNITS = { second: 1, minute: MINUTE_S, hour: HOUR_S, day: DAY_S } as const;
export type Unit = keyof typeof UNITS;

/** The largest unit that a time is a whole number of. */
export function unitOf(seconds: number): Unit {
  const units: Unit[] = ["day", "hour", "minute"];
  return units.find((unit) => seconds > 0 && seconds % UNITS[unit] === 0) ?? "second";
}

/** What is at a place moved by so many; at the ends it stays. */
export function moved<T>(all: readonly T[], place: number, by: number): T[] {
  const to = place + by;
  if (place < 0 || place >= all.length || to < 0 || to >= all.length) return [...all];
  const rest = all.filter((_, at) => at !== place);
  return [...rest.slice(0, to), ...all.slice(place, place + 1), ...rest.slice(to)];
}

/** Reasons of a refusal by part: `trigger`, `conditions.0`, `actions.1`, and so on; what belongs to none is `rest`. */
export function problemsOf(fields: Readonly<Record<string, string>>): Record<string, string> {
  const known = /^(rule\.)?(name|trigger|conditions(\.\d+)?|actions(\.\d+)?)$/;
  return Object.fromEntries(
    Object.entries(fields).map(([field, why]) => [
      known.test(field) ? field.replace(/^rule\./, "") : "rest",
      why,
    ]),
  );
}
