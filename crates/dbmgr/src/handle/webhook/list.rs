//! All servers outside that are told what happens.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::WEBHOOKS;
use crate::run::Handle;
use switchboard_storage::webhook;
use switchboard_wire::call::webhook::ListWebhooks;
use switchboard_wire::view::{self, Page};

impl Handle for ListWebhooks {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::Webhook>> {
        let mut items = Vec::new();
        for row in webhook::list(&mut cx.tx, WEBHOOKS).await? {
            items.push(show(cx, &row).await?);
        }
        Ok(Page { items, next: None })
    }
}
