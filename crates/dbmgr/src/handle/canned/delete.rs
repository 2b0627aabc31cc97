//! Deleting a canned reply.

use super::{report, to_change};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::canned;
use switchboard_wire::call::canned::DeleteCanned;

impl Handle for DeleteCanned {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let gone = to_change(cx, staff, &self.id).await?;
        canned::delete(&mut cx.tx, &gone.id).await?;
        report(cx, staff, &gone, "canned.deleted").await
    }
}
