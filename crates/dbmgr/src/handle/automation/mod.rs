//! Automations, as admins manage them.

mod list;
mod patch;

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{DESCRIPTION_CHARS, TITLE_CHARS};
use switchboard_domain::automation::Automation;
use switchboard_domain::automation_rules::{CONCURRENCY, Outside};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::hours::Hours;
use switchboard_domain::{AutomationHours, AutomationRules, TeamId};
use switchboard_storage::hook::{self, Hook};
use switchboard_storage::{automation_rules, guide, team};
use switchboard_wire::view::Health;
use switchboard_wire::{Failure, view};
use tokio::time::Instant;

/// A title that people read: on one line.
pub(super) fn check_title(text: &str) -> Result<String, Failure> {
    checked("title", text, 1, TITLE_CHARS)
}

/// What an automation does, in a sentence, or nothing.
pub(super) fn check_description(text: &str) -> Result<String, Failure> {
    checked("description", text, 0, DESCRIPTION_CHARS)
}

fn checked(field: &str, text: &str, least: usize, most: usize) -> Result<String, Failure> {
    let text = text.trim();
    let chars = text.chars().count();
    if (least..=most).contains(&chars) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Failure::invalid(field, &format!("give {least} to {most} characters on one line")))
    }
}

/// An automation as it is shown, with all that is stored about it. A guide is answered here, so it is up whenever this is.
pub(super) async fn shown(cx: &mut Cx, row: &Automation) -> Outcome<view::Automation> {
    let rules = automation_rules::get(&mut cx.tx, &row.name).await?;
    let open = crate::rules::is_open(&mut cx.tx, &rules, cx.now).await?;
    let hook = hook::get(&mut cx.tx, &row.name).await?;
    let health = match guide::is_one(&mut cx.tx, &row.name).await? {
        true => Health::Up,
        false => cx.shared.sightings.health(row, Instant::now(), cx.now),
    };
    Ok(show(row, &rules, open, hook.as_ref(), health, cx))
}

fn web_hook(hook: &Hook, cx: &Cx) -> view::WebHook {
    let old = hook.old_secret.is_some() && cx.now < hook.old_until;
    view::WebHook { url: hook.url.clone(), old_secret_until: old.then(|| rfc3339(hook.old_until)) }
}

/// An automation as it is shown.
fn show(
    row: &Automation,
    rules: &AutomationRules,
    open: bool,
    hook: Option<&Hook>,
    health: Health,
    cx: &Cx,
) -> view::Automation {
    let (sightings, now) = (&cx.shared.sightings, Instant::now());
    view::Automation {
        name: row.name.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        active: row.active,
        public: row.public,
        health,
        deadline_ms: row.deadline_ms,
        last_error: row.last_error.clone(),
        last_error_at: row.last_error_at.map(rfc3339),
        rules: rules.into(),
        open,
        instances: sightings.instances(&row.name, now),
        counts: sightings.counts(&row.name, now),
        hook: hook.map(|hook| web_hook(hook, cx)),
    }
}

/// Checks how an automation is to be used.
async fn check(cx: &mut Cx, rules: view::AutomationRules) -> Outcome<AutomationRules> {
    if !CONCURRENCY.contains(&rules.concurrency) {
        let (least, most) = (CONCURRENCY.start(), CONCURRENCY.end());
        return Err(Failure::invalid("rules.concurrency", &format!("give {least} to {most} turns")).into());
    }
    let outside = Outside::named(&rules.outside)
        .ok_or_else(|| Failure::invalid("rules.outside", "give hidden or people"))?;
    let handoff_team = match rules.handoff_team {
        Some(id) => Some(existing(cx, "rules.handoff_team", &id).await?),
        None => None,
    };
    let hours = match (rules.hours, rules.team_hours) {
        (None, None) => AutomationHours::Always,
        (Some(_), Some(_)) => {
            let reason = "give hours of its own or those of a team, not both";
            return Err(Failure::invalid("rules.hours", reason).into());
        }
        (Some(hours), None) => {
            let hours = Hours::from(hours);
            hours.check(cx.now).map_err(|reason| Failure::invalid("rules.hours", &reason))?;
            AutomationHours::Own(hours)
        }
        (None, Some(by)) => {
            let team = existing(cx, "rules.team_hours.team", &by.team).await?;
            match by.when.as_str() {
                "open" => AutomationHours::Team(team),
                "closed" => AutomationHours::TeamClosed(team),
                _ => return Err(Failure::invalid("rules.team_hours.when", "give open or closed").into()),
            }
        }
    };
    Ok(AutomationRules { concurrency: rules.concurrency, handoff_team, hours, outside })
}

async fn existing(cx: &mut Cx, field: &str, id: &str) -> Outcome<TeamId> {
    let unknown = || Failure::invalid(field, "there is no such team: choose another one");
    let id: TeamId = id.parse().map_err(|_| unknown())?;
    Ok(team::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?.id)
}
