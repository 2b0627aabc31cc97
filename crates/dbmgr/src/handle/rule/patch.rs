//! Changing a rule. What happened before the change does not concern it as it is then.

use super::{actions, all, changed, check, check_together, conditions, edition, locked, show_one, trigger};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::rule::Rule;
use switchboard_storage::rule;
use switchboard_wire::call::rule::{OneRule, PatchRule};
use switchboard_wire::{Failure, Problem};

impl Handle for PatchRule {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneRule> {
        let staff = actor.staff()?;
        let before = locked(cx, &self.id).await?;
        let mut after = Rule {
            id: before.id.clone(),
            name: self.name.map_or_else(|| before.name.clone(), |name| name.trim().to_owned()),
            on: self.on.unwrap_or(before.on),
            trigger: self.trigger.map(trigger).transpose()?.unwrap_or_else(|| before.trigger.clone()),
            conditions: self
                .conditions
                .map(conditions)
                .transpose()?
                .unwrap_or_else(|| before.conditions.clone()),
            actions: self.actions.map(actions).transpose()?.unwrap_or_else(|| before.actions.clone()),
            stop: self.stop.unwrap_or(before.stop),
            since: before.since,
        };
        if after != before {
            // Older programs know no edition and give none back; whoever says the same again has not overlooked anything.
            let seen = self.edition.filter(|seen| !seen.is_empty());
            if seen.is_some_and(|seen| seen != edition(&before)) {
                let detail = "somebody else has changed this rule meanwhile: load it again";
                return Err(Failure::new(Problem::Stale, detail).into());
            }
            check(&after)?;
            if (Rule { name: before.name.clone(), ..after.clone() }) != before {
                after.since = cx.now;
            }
            let rules: Vec<Rule> = all(cx).await?;
            let rules: Vec<Rule> =
                rules.into_iter().map(|one| if one.id == after.id { after.clone() } else { one }).collect();
            check_together(&rules)?;
            rule::update(&mut cx.tx, &after).await?;
            let action = match (before.on, after.on) {
                (false, true) => "rule.turned_on",
                (true, false) => "rule.turned_off",
                _ => "rule.changed",
            };
            changed(cx, staff, action, (&after.id, after.name.as_str())).await?;
        }
        Ok(OneRule { rule: show_one(cx, &after).await? })
    }
}
