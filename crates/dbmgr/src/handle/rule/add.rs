//! Adding a rule behind all others.

use super::{actions, all, changed, check, check_together, conditions, show_one, trigger};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::RuleId;
use switchboard_domain::rule::{RULES, Rule};
use switchboard_storage::rule;
use switchboard_wire::Failure;
use switchboard_wire::call::rule::{AddRule, OneRule};

impl Handle for AddRule {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneRule> {
        let staff = actor.staff()?;
        let made = Rule {
            id: RuleId::timed(cx.now, cx.shared.rng.as_ref()),
            name: self.rule.name.trim().to_owned(),
            on: self.rule.on,
            trigger: trigger(self.rule.trigger)?,
            conditions: conditions(self.rule.conditions)?,
            actions: actions(self.rule.actions)?,
            stop: self.rule.stop,
            since: cx.now,
        };
        check(&made)?;
        // Those that cannot be read count too.
        if rule::count(&mut cx.tx).await? >= i64::try_from(RULES).unwrap_or(i64::MAX) {
            let detail = format!("there are {RULES} rules already: delete one that is not used");
            return Err(Failure::invalid("name", &detail).into());
        }
        let mut rules = all(cx).await?;
        rules.push(made.clone());
        check_together(&rules)?;
        rule::insert(&mut cx.tx, &made).await?;
        changed(cx, staff, "rule.added", (&made.id, made.name.as_str())).await?;
        Ok(OneRule { rule: show_one(cx, &made).await? })
    }
}
