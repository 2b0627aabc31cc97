//! A server is told nothing more, not even what waits.

use super::{changed, locked};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::webhook;
use switchboard_wire::call::webhook::DeleteWebhook;

impl Handle for DeleteWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let gone = locked(cx, &self.id).await?;
        webhook::delete(&mut cx.tx, &gone.id).await?;
        changed(cx, staff, "webhook.deleted", &gone).await
    }
}
