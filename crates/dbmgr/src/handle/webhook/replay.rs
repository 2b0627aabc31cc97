//! What was given up is tried again.

use super::{changed, locked};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::webhook::delivery;
use switchboard_wire::Failure;
use switchboard_wire::call::webhook::{ReplayWebhook, Replayed};

impl Handle for ReplayWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Replayed> {
        let staff = actor.staff()?;
        let hook = locked(cx, &self.id).await?;
        let unknown = |_| Failure::not_found("delivery");
        let event = self.event.as_deref().map(str::parse).transpose().map_err(unknown)?;
        let deliveries = delivery::replay(&mut cx.tx, &hook.id, event.as_ref(), cx.now).await?;
        if deliveries > 0 {
            changed(cx, staff, "webhook.replayed", &hook).await?;
        }
        Ok(Replayed { deliveries: i64::try_from(deliveries).unwrap_or(i64::MAX) })
    }
}
