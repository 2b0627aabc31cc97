//! Changing what a server is told, and whether.

use super::{changed, events, locked, name, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::hook::url;
use crate::run::Handle;
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::call::webhook::{OneWebhook, PatchWebhook};

impl Handle for PatchWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneWebhook> {
        let staff = actor.staff()?;
        let before = locked(cx, &self.id).await?;
        let mut after = Webhook {
            name: self.name.as_deref().map(name).transpose()?.unwrap_or_else(|| before.name.clone()),
            url: self.url.as_deref().map(url).transpose()?.unwrap_or_else(|| before.url.clone()),
            events: self.events.as_deref().map(events).transpose()?.unwrap_or_else(|| before.events.clone()),
            active: self.active.unwrap_or(before.active),
            ..before.clone()
        };
        if after.active && !before.active {
            // It begins anew: what happened meanwhile is not told.
            (after.since, after.failing_since, after.stopped) = (cx.now, None, None);
        }
        if after != before {
            webhook::update(&mut cx.tx, &after).await?;
            let action = match (before.active, after.active) {
                (false, true) => "webhook.activated",
                (true, false) => "webhook.deactivated",
                _ => "webhook.changed",
            };
            changed(cx, staff, action, &after).await?;
        }
        Ok(OneWebhook { webhook: show(cx, &after).await? })
    }
}
