//! Another secret. The one before signs as well for a while, so that a receiver is never without a good signature.

use super::{changed, locked, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::hook::secret;
use crate::limits::OLD_SECRET_MS;
use crate::run::Handle;
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::call::webhook::{RotateWebhook, WebhookSecret};

impl Handle for RotateWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<WebhookSecret> {
        let staff = actor.staff()?;
        let before = locked(cx, &self.id).await?;
        let after = Webhook {
            secret: secret(cx),
            old_secret: Some(before.secret.clone()),
            old_until: cx.now.saturating_add(OLD_SECRET_MS),
            ..before
        };
        webhook::update(&mut cx.tx, &after).await?;
        changed(cx, staff, "webhook.secret_rotated", &after).await?;
        Ok(WebhookSecret { webhook: show(cx, &after).await?, secret: after.secret })
    }
}
