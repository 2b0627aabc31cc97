//! What a server was told and is to be told, newest first.

use super::unknown;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{EntryId, WebhookId};
use switchboard_storage::webhook;
use switchboard_storage::webhook::delivery::{self, Delivery};
use switchboard_wire::Failure;
use switchboard_wire::call::webhook::ListWebhookDeliveries;
use switchboard_wire::view::{self, Page};

impl Handle for ListWebhookDeliveries {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::WebhookDelivery>> {
        let id: WebhookId = self.id.parse().map_err(|_| unknown())?;
        webhook::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
        let state = self.state.as_deref().map(str::parse).transpose();
        let state =
            state.map_err(|()| Failure::invalid("state", "it is one of waiting, delivered and failed"))?;
        let before: Option<EntryId> =
            self.cursor.as_deref().map(str::parse).transpose().map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let rows = delivery::list(&mut cx.tx, &id, state, before.as_ref(), limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Delivery| row.event_id.to_string(), show))
    }
}

fn show(d: &Delivery) -> view::WebhookDelivery {
    view::WebhookDelivery {
        id: d.event_id.to_string(),
        event: d.event.as_str().into(),
        about: d.lane.clone(),
        state: d.state.as_str().into(),
        attempts: d.attempts,
        created_at: rfc3339(d.created_at),
        due_at: d.due_at.map(rfc3339),
        tried_at: d.tried_at.map(rfc3339),
        status: d.status,
        took_ms: d.took_ms,
        said: d.said.clone(),
    }
}
