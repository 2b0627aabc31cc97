//! Putting rules into another order.

use super::{all, changed, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use std::collections::BTreeSet;
use switchboard_domain::RuleId;
use switchboard_storage::rule;
use switchboard_wire::call::rule::OrderRules;
use switchboard_wire::view::{Page, Rule};
use switchboard_wire::{Failure, Problem};

impl Handle for OrderRules {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Rule>> {
        let staff = actor.staff()?;
        let rules = all(cx).await?;
        let ids: Vec<RuleId> = self.ids.iter().filter_map(|id| id.parse().ok()).collect();
        let wanted: BTreeSet<&RuleId> = ids.iter().collect();
        let there: BTreeSet<&RuleId> = rules.iter().map(|rule| &rule.id).collect();
        if ids.len() != self.ids.len() || ids.len() != wanted.len() || wanted != there {
            let detail = "name every rule once; somebody may have added or deleted one: load them again";
            return Err(Failure::new(Problem::Conflict, detail).into());
        }
        rule::order(&mut cx.tx, &ids).await?;
        if let (true, Some(first)) = (ids.iter().ne(rules.iter().map(|rule| &rule.id)), rules.first()) {
            changed(cx, staff, "rule.ordered", (&first.id, first.name.as_str())).await?;
        }
        let rules = all(cx).await?;
        Ok(Page { items: show(cx, &rules).await?, next: None })
    }
}
