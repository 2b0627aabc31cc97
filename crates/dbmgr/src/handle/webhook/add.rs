//! Adding a server that is told what happens, from now on.

use super::{changed, events, name, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::hook::{secret, url};
use crate::limits::WEBHOOKS;
use crate::run::Handle;
use switchboard_domain::WebhookId;
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::Failure;
use switchboard_wire::call::webhook::{AddWebhook, WebhookSecret};

impl Handle for AddWebhook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<WebhookSecret> {
        let staff = actor.staff()?;
        let (name, url, events) = (name(&self.name)?, url(&self.url)?, events(&self.events)?);
        if webhook::count(&mut cx.tx).await? >= WEBHOOKS {
            let detail = format!("there are {WEBHOOKS} web hooks already: delete one that is not needed");
            return Err(Failure::invalid("name", &detail).into());
        }
        let made = Webhook {
            id: WebhookId::timed(cx.now, cx.shared.rng.as_ref()),
            name,
            url,
            events,
            secret: secret(cx),
            old_secret: None,
            old_until: 0,
            active: true,
            since: cx.now,
            failing_since: None,
            stopped: None,
            created_at: cx.now,
        };
        webhook::insert(&mut cx.tx, &made).await?;
        changed(cx, staff, "webhook.added", &made).await?;
        Ok(WebhookSecret { webhook: show(cx, &made).await?, secret: made.secret })
    }
}
