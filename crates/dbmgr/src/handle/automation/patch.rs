//! Changing an automation. What an inactive one has goes to people in the same transaction.

use super::{check, shown};
use crate::act;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use serde_json::json;
use switchboard_domain::limits::TURN_DEADLINE_MS;
use switchboard_storage::automation::{self, Change};
use switchboard_storage::automation_rules;
use switchboard_wire::call::automation::{OneAutomation, PatchAutomation};
use switchboard_wire::{Failure, view};

impl Handle for PatchAutomation {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneAutomation> {
        if self.deadline_ms.is_some_and(|ms| !TURN_DEADLINE_MS.contains(&ms)) {
            let (least, most) = (TURN_DEADLINE_MS.start(), TURN_DEADLINE_MS.end());
            return Err(
                Failure::invalid("deadline_ms", &format!("give {least} to {most} milliseconds")).into()
            );
        }
        let rules = match self.rules {
            Some(rules) => Some(check(cx, rules).await?),
            None => None,
        };
        let unknown = || Failure::not_found("automation");
        let before = automation::lock(&mut cx.tx, &self.name).await?.ok_or_else(unknown)?;
        let change = Change { active: self.active, public: self.public, deadline_ms: self.deadline_ms };
        let mut after = before.clone();
        after.active = change.active.unwrap_or(after.active);
        after.public = change.public.unwrap_or(after.public);
        after.deadline_ms = change.deadline_ms.unwrap_or(after.deadline_ms);
        let rules_before = automation_rules::get(&mut cx.tx, &self.name).await?;
        let rules = rules.unwrap_or_else(|| rules_before.clone());
        if after != before || rules != rules_before {
            automation::update(&mut cx.tx, &self.name, change).await?;
            automation_rules::set(&mut cx.tx, &self.name, &rules).await?;
            if before.active && !after.active {
                act::leave_automation(cx, &self.name).await?;
            }
            let action = match (before.active, after.active) {
                (false, true) => "automation.activated",
                (true, false) => "automation.deactivated",
                _ => "automation.changed",
            };
            let shown = view::AutomationRules::from(&rules);
            let detail = json!({ "public": after.public, "deadline_ms": after.deadline_ms, "rules": shown });
            let report = Report::by(actor.staff()?, action).detail(detail);
            report.about("automation", Some(&self.name), &before.title).write(cx).await?;
        }
        Ok(OneAutomation { automation: shown(cx, &after).await? })
    }
}
