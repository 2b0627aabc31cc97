/** A rule in words. */
import type { RuleDraft, RulePart } from "$lib/api/types";
import { duration } from "$lib/i18n/figures";
import { rt } from "./rule-texts";
import { isAction, isCondition, isTrigger, patternOf, PRIORITIES, shown, sought } from "./rules";

/** What rules name, by id. */
export interface Names {
  teams: readonly { id: string; name: string }[];
  webhooks: readonly { id: string; name: string }[];
  automations: readonly { name: string; title: string }[];
}

/** Of a long text this much is told in a list. */
const TEXT_CHARS = 60;

const cut = (text: string): string =>
  text.length > TEXT_CHARS ? `${text.slice(0, TEXT_CHARS - 1).trimEnd()}…` : text;
const named = (all: readonly { id: string; name: string }[], id: string): string =>
  all.find((one) => one.id === id)?.name ?? rt("gone");
const seconds = (part: RulePart, field: string): string => duration(Number(shown(part, field)) || 0);

function priority(value: string): string {
  const known = PRIORITIES.find((one) => one === value);
  return known ? rt(`priority_${known}`) : value;
}

function looked(part: RulePart): string {
  const pattern = patternOf(part);
  const text = cut(sought(pattern));
  if (pattern.match === "phrase") return rt("p_phrase", { text });
  if (pattern.match === "regex") return rt("p_regex", { text });
  const any = new Intl.ListFormat(undefined, { type: "disjunction" });
  return cut(any.format((pattern.words ?? []).map((word) => rt("p_words", { text: word }))));
}

export function triggerWords(part: RulePart, names: Names): string {
  const kind = part["when"];
  if (!isTrigger(kind)) return rt("other");
  if (kind === "message") return rt("s_message", { what: looked(part) });
  if (kind === "waiting") return rt("s_waiting", { time: seconds(part, "longer_than_s") });
  if (kind === "tagged") return rt("s_tagged", { tag: shown(part, "tag") });
  if (kind === "rated") return rt("s_rated", { n: Number(shown(part, "at_most")) });
  if (kind === "hours") {
    return rt(part["open"] ? "s_opens" : "s_closes", { team: named(names.teams, shown(part, "team")) });
  }
  return rt("s_started");
}

export function conditionWords(part: RulePart, names: Names): string {
  const kind = part["if"];
  if (!isCondition(kind)) return rt("other");
  const text = (field: string): string => cut(shown(part, field));
  switch (kind) {
    case "message":
      return rt("c_message", { what: looked(part) });
    case "hours":
      return rt(part["open"] ? "c_hours_open" : "c_hours_closed", { team: named(names.teams, text("team")) });
    case "team":
      return rt("c_team", { team: part["team"] ? named(names.teams, text("team")) : rt("everybody") });
    case "owner": {
      const owner = text("is");
      const known = (["automation", "queue", "agent", "none"] as const).find((one) => one === owner);
      return rt("c_owner", { what: known ? rt(`owner_${known}`) : owner });
    }
    case "tagged":
      return rt(part["has"] ? "c_tagged" : "c_untagged", { tag: text("tag") });
    case "priority":
      return rt("c_priority", { priority: priority(text("at_least")) });
    case "page":
      return rt("c_page", { text: text("contains") });
    case "email":
      return part["known"] ? rt("c_email") : rt("c_noEmail");
    case "answer":
      return rt("c_answer", { key: text("key"), text: text("is") });
  }
}

export function actionWords(part: RulePart, names: Names): string {
  const kind = part["then"];
  if (!isAction(kind)) return rt("other");
  const text = (field: string): string => cut(shown(part, field));
  switch (kind) {
    case "team":
      return rt("a_team", { team: named(names.teams, text("team")) });
    case "tag":
      return rt("a_tag", { tag: text("tag") });
    case "priority":
      return rt("a_priority", { priority: priority(text("priority")) });
    case "send":
      return rt("a_send", { text: text("text") });
    case "automation": {
      const name = shown(part, "name");
      return rt("a_automation", { name: names.automations.find((one) => one.name === name)?.title ?? name });
    }
    case "notify":
      return rt("a_notify", { name: named(names.webhooks, text("webhook")) });
    case "snooze":
      return rt("a_snooze", { time: seconds(part, "for_s") });
    case "resolve":
      return rt("a_resolve");
  }
}

/** A rule in three lines at most: when, if, then. */
export function sentence(rule: RuleDraft, names: Names): string[] {
  const list = new Intl.ListFormat(undefined, { type: "conjunction" });
  const conditions = rule.conditions.map((part) => conditionWords(part, names));
  const actions = rule.actions.map((part) => actionWords(part, names));
  return [
    rt("sWhen", { what: triggerWords(rule.trigger, names) }),
    ...(conditions.length > 0 ? [rt("sIf", { what: list.format(conditions) })] : []),
    rt("sThen", { what: list.format(actions) }),
  ];
}
