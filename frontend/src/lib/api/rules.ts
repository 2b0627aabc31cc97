/** Rules, and what became of them. */
import type { Timestamp } from "./types";

/** A trigger, a condition or an action of a rule: its kind under `when`, `if` or `then`, and what that kind needs. */
export type RulePart = Record<string, unknown>;

/** A rule as an admin writes it. */
export interface RuleDraft {
  name: string;
  on: boolean;
  trigger: RulePart;
  conditions: RulePart[];
  actions: RulePart[];
  /** When it fires no later rule is looked at. */
  stop: boolean;
}

/** When something happens, if conditions hold, then something is done. */
export interface Rule extends RuleDraft {
  id: string;
  /** What of it cannot be done as things are. */
  troubles: string[];
  /** Which edition of it this is; given back with changes to it. */
  edition: string;
  changed_at: Timestamp;
}

/** Whether a condition of a rule held, and why. */
export interface RuleCheck {
  condition: number;
  held: boolean;
  why: string;
}

/** What became of an action of a rule. */
export interface RuleStep {
  action: RulePart;
  /** Why it was not carried out. */
  skipped?: string | null;
}

/** What became of a rule that something happened for. */
export interface RuleRun {
  id: string;
  rule: string;
  name: string;
  conversation: string;
  when: string;
  fired: boolean;
  why: string;
  checks: RuleCheck[];
  steps: RuleStep[];
  at: Timestamp;
}

/** A conversation that there is not, to try a rule. */
export interface RuleSample {
  text?: string | null;
  waited_s?: number | null;
  rating?: number | null;
  tags?: string[];
  name?: string | null;
  email?: string | null;
  page?: string | null;
}

/** What would become of a rule. */
export interface TriedRule {
  fires: boolean;
  why: string;
  checks: RuleCheck[];
  steps: RuleStep[];
}
