//! Rules, as admins make them; carrying them out is [`crate::ruling`]'s.

mod add;
mod delete;
mod list;
mod order;
mod patch;
mod runs;
mod try_rule;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::Outcome;
use crate::ruling::{known_of, scene};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use switchboard_domain::RuleId;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::rule::{
    ACTIONS, Action, BadRule, CONDITIONS, Condition, RULES, Rule, Skip, Trigger, Trouble, check_all, troubles,
};
use switchboard_domain::secret::sha256_hex;
use switchboard_storage::rule;
use switchboard_wire::notice::{Notice, RulesChanged};
use switchboard_wire::{Failure, view};

fn unknown() -> Failure {
    Failure::not_found("rule")
}

/// The one of this id, locked.
async fn locked(cx: &mut Cx, id: &str) -> Outcome<Rule> {
    let id = id.parse().map_err(|_| unknown())?;
    Ok(rule::lock(&mut cx.tx, &id).await?.ok_or_else(unknown)?)
}

async fn all(cx: &mut Cx) -> Outcome<Vec<Rule>> {
    Ok(rule::all(&mut cx.tx, i64::try_from(RULES).unwrap_or(i64::MAX)).await?)
}

fn one<T: DeserializeOwned>(field: &str, value: Value) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(|problem| Failure::invalid(field, &problem))
}

fn refused(field: &str, bad: &BadRule) -> Failure {
    Failure::invalid(field, bad)
}

fn trigger(value: Value) -> Result<Trigger, Failure> {
    let read: Trigger = one("trigger", value)?;
    read.check().map_err(|bad| refused("trigger", &bad))?;
    Ok(read)
}

fn conditions(values: Vec<Value>) -> Result<Vec<Condition>, Failure> {
    if values.len() > CONDITIONS {
        return Err(refused("conditions", &BadRule::Conditions));
    }
    let read = |(n, value): (usize, Value)| {
        let field = format!("conditions.{n}");
        let read: Condition = one(&field, value)?;
        read.check().map_err(|bad| refused(&field, &bad))?;
        Ok(read)
    };
    values.into_iter().enumerate().map(read).collect()
}

fn actions(values: Vec<Value>) -> Result<Vec<Action>, Failure> {
    if !(1..=ACTIONS).contains(&values.len()) {
        return Err(refused("actions", &BadRule::Actions));
    }
    let read = |(n, value): (usize, Value)| {
        let field = format!("actions.{n}");
        let read: Action = one(&field, value)?;
        read.check().map_err(|bad| refused(&field, &bad))?;
        Ok(read)
    };
    values.into_iter().enumerate().map(read).collect()
}

/// What is left to check once its parts are good.
fn check(rule: &Rule) -> Result<(), Failure> {
    rule.check().map_err(|bad| match bad {
        BadRule::Destinations | BadRule::Long => refused("actions", &bad),
        _ => refused("name", &bad),
    })
}

/// Checks all of them as they are about to stand.
fn check_together(rules: &[Rule]) -> Result<(), Failure> {
    check_all(rules).map_err(|(place, bad)| match place {
        Some(place) => {
            let name = rules.get(place).map(|rule| rule.name.as_str()).unwrap_or_default();
            Failure::invalid("rule", &format!("{name}: {bad}"))
        }
        None => refused("rule", &bad),
    })
}

fn written<T: Serialize>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

/// Characters of an edition.
const EDITION_CHARS: usize = 16;

/// What tells a rule from the same as it was before.
fn edition(rule: &Rule) -> String {
    let mut text = written(&Rule { since: 0, ..rule.clone() }).to_string();
    text = sha256_hex(text.as_bytes());
    text.truncate(EDITION_CHARS);
    text
}

fn words(trouble: &Trouble) -> String {
    match trouble {
        Trouble::Team { .. } => Skip::NoTeam.to_string(),
        Trouble::Hours { .. } => {
            "the team has no business hours, so it never opens or closes: set them under Teams".to_owned()
        }
        Trouble::Automation { name } => format!("{name}: {}", Skip::NoAutomation),
        Trouble::Webhook { .. } => Skip::NoWebhook.to_string(),
    }
}

/// As they are shown, with what of them cannot be done as things are.
async fn show(cx: &mut Cx, rules: &[Rule]) -> Outcome<Vec<view::Rule>> {
    let named: Vec<&Rule> = rules.iter().collect();
    let known = known_of(&scene(cx, &named).await?);
    let show = |rule: &Rule| view::Rule {
        id: rule.id.to_string(),
        name: rule.name.clone(),
        on: rule.on,
        trigger: written(&rule.trigger),
        conditions: rule.conditions.iter().map(written).collect(),
        actions: rule.actions.iter().map(written).collect(),
        stop: rule.stop,
        troubles: troubles(rule, &known).iter().map(words).collect(),
        edition: edition(rule),
        changed_at: rfc3339(rule.since),
    };
    Ok(rules.iter().map(show).collect())
}

async fn show_one(cx: &mut Cx, rule: &Rule) -> Outcome<view::Rule> {
    Ok(show(cx, std::slice::from_ref(rule)).await?.pop().ok_or_else(unknown)?)
}

/// Tells whoever keeps the rules, and the audit log.
async fn changed(
    cx: &mut Cx,
    staff: &Staff,
    action: &'static str,
    (id, name): (&RuleId, &str),
) -> Outcome<()> {
    cx.tell(Notice::Rules(RulesChanged {}));
    Report::by(staff, action).about("rule", Some(id.as_str()), name).write(cx).await
}
