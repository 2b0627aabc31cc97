//! Deleting a rule, also one that cannot be read; its history stays.

use super::{changed, unknown};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::RuleId;
use switchboard_storage::rule;
use switchboard_wire::call::rule::DeleteRule;

impl Handle for DeleteRule {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let id: RuleId = self.id.parse().map_err(|_| unknown())?;
        let name = rule::lock_name(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
        rule::delete(&mut cx.tx, &id).await?;
        changed(cx, staff, "rule.deleted", (&id, name.as_str())).await
    }
}
