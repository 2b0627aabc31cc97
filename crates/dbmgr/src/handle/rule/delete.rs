//! Deleting a rule; its history stays.

use super::{changed, locked};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::rule;
use switchboard_wire::call::rule::DeleteRule;

impl Handle for DeleteRule {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let gone = locked(cx, &self.id).await?;
        rule::delete(&mut cx.tx, &gone.id).await?;
        changed(cx, staff, "rule.deleted", &gone).await
    }
}
