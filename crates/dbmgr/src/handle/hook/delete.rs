//! Deleting an automation behind a web hook. What it has goes to people in the same transaction.

use super::{changed, gone, locked};
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::hook;
use switchboard_wire::call::hook::DeleteHook;

impl Handle for DeleteHook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let (row, _) = locked(cx, &self.name).await?;
        act::leave_automation(cx, &self.name).await?;
        hook::delete(&mut cx.tx, &self.name).await?;
        gone::remember(cx, &self.name).await?;
        changed(cx, staff, "automation.hook_deleted", &row).await
    }
}
