import { hookText as h } from "../admin/hook-texts";
import { guestText as g } from "./guest-texts";
import { officeText as o } from "./office-texts";
import { rt } from "../admin/rules/rule-texts";
import { webhookText as w } from "./webhook-texts";

/** Actions that have words of their own; the set is open. */
const KNOWN: Readonly<Record<string, string>> = {
  "account.added": o("auditAccountAdded"),
  "account.changed": o("auditAccountChanged"),
  "account.activated": o("auditAccountActivated"),
  "account.deactivated": o("auditAccountDeactivated"),
  "account.deleted": o("auditAccountDeleted"),
  "account.demo": o("auditAccountDemo"),
  "article.added": g("auditArticleAdded"),
  "article.changed": g("auditArticleChanged"),
  "article.published": g("auditArticlePublished"),
  "article.unpublished": g("auditArticleUnpublished"),
  "article.deleted": g("auditArticleDeleted"),
  "automation.activated": o("auditAutomationActivated"),
  "automation.changed": o("auditAutomationChanged"),
  "automation.deactivated": o("auditAutomationDeactivated"),
  "identity_key.added": g("auditKeyAdded"),
  "identity_key.revoked": g("auditKeyRevoked"),
  "automation.hook_added": h("auditAdded"),
  "automation.hook_changed": h("auditChanged"),
  "automation.secret_rotated": h("auditRotated"),
  "automation.hook_deleted": h("auditDeleted"),
  "ban.added": g("auditBanned"),
  "ban.lifted": g("auditLifted"),
  "guide.added": o("auditGuideAdded"),
  "guide.published": o("auditGuidePublished"),
  "guide.renamed": o("auditGuideRenamed"),
  "guide.deleted": o("auditGuideDeleted"),
  "canned.added": o("auditCannedAdded"),
  "canned.changed": o("auditCannedChanged"),
  "canned.deleted": o("auditCannedDeleted"),
  "view.added": o("auditViewAdded"),
  "view.changed": o("auditViewChanged"),
  "view.deleted": o("auditViewDeleted"),
  "rule.added": rt("auditAdded"),
  "rule.changed": rt("auditChanged"),
  "rule.turned_on": rt("auditOn"),
  "rule.turned_off": rt("auditOff"),
  "rule.ordered": rt("auditOrdered"),
  "rule.deleted": rt("auditDeleted"),
  "password.changed": o("auditPasswordChanged"),
  "password.reset": o("auditPasswordReset"),
  "session.started": o("auditSessionStarted"),
  "session.ended": o("auditSessionEnded"),
  "session.refused": o("auditSessionRefused"),
  "session.revoked": o("auditSessionRevoked"),
  "team.added": o("auditTeamAdded"),
  "settings.changed": g("auditSettings"),
  "team.changed": o("auditTeamChanged"),
  "conversation.watched": o("auditWatched"),
  "conversation.whispered": o("auditWhispered"),
  "visitor.erased": g("auditErased"),
  "visitor.merged": g("auditMerged"),
  "visitor.exported": g("auditExported"),
  "team.deleted": o("auditTeamDeleted"),
  "webhook.added": w("auditAdded"),
  "webhook.changed": w("auditChanged"),
  "webhook.activated": w("auditActivated"),
  "webhook.deactivated": w("auditDeactivated"),
  "webhook.secret_rotated": w("auditRotated"),
  "webhook.deleted": w("auditDeleted"),
  "webhook.replayed": w("auditReplayed"),
  "webhook.stopped": w("auditStopped"),
};

/** An action in words; one of a later version at least without its punctuation. */
export function actionWords(action: string): string {
  const known = KNOWN[action];
  if (known) return known;
  const words = action.replaceAll(/[._]/g, " ");
  return words.charAt(0).toLocaleUpperCase() + words.slice(1);
}

/** A detail as "name: value" pairs; what is no object stays as it is, what is empty is left out. */
export function detailWords(detail: string | null | undefined): string {
  if (!detail) return "";
  let value: unknown;
  try {
    value = JSON.parse(detail);
  } catch {
    return detail;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return String(value);
  return Object.entries(value)
    .filter(([, field]) => field !== null && field !== "" && !(Array.isArray(field) && field.length === 0))
    .map(([name, field]) => `${name.replaceAll("_", " ")}: ${inWords(field)}`)
    .join(" · ");
}

function inWords(field: unknown): string {
  if (typeof field === "boolean") return field ? o("yes") : o("no");
  if (Array.isArray(field)) return field.map(inWords).join(", ");
  return typeof field === "object" ? JSON.stringify(field) : String(field);
}
