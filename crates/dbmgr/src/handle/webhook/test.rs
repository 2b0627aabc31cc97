//! An admin tries whether a server can be told something.

use super::locked;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use crate::webhooks;
use serde_json::json;
use switchboard_domain::webhook::EventKind;
use switchboard_wire::call::webhook::{TestWebhook, Tested};
use switchboard_wire::{Failure, Problem};

impl Handle for TestWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Tested> {
        let staff = actor.staff()?;
        let hook = locked(cx, &self.id).await?;
        if !hook.active {
            return Err(Failure::new(Problem::BadRequest, "activate it first: it is told nothing now").into());
        }
        let data = json!({ "webhook": hook.id, "by": staff.row().username });
        let event = webhooks::send_to(cx, &hook, EventKind::Test, &data).await?;
        Ok(Tested { event: event.into() })
    }
}
