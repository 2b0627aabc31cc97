//! What was given up is tried again: one event, or everything, piece by piece, so that no transaction keeps the others waiting.

use super::{changed, locked};
use crate::authority::Authority;
use crate::gate::Mode;
use crate::limits::{REPLAYED, REPLAYED_PIECES};
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::EntryId;
use switchboard_storage::webhook::delivery;
use switchboard_wire::call::webhook::{ReplayWebhook, Replayed};
use switchboard_wire::notice::{DeliveriesQueued, Notice};
use switchboard_wire::{Call, Failure};

impl Run for ReplayWebhook {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<Replayed, Failure> {
        let unknown = |_| Failure::not_found("delivery");
        let event: Option<EntryId> = self.event.as_deref().map(str::parse).transpose().map_err(unknown)?;
        let mut deliveries = 0;
        let mut after: Option<EntryId> = None;
        for _ in 0..REPLAYED_PIECES {
            let (count, last) =
                transact(&shared, &by, (Self::NAME, Self::ACCESS), Mode::Write, |actor, cx| {
                    let (id, event, after) = (self.id.clone(), event.clone(), after.clone());
                    Box::pin(async move {
                        let staff = actor.staff()?;
                        let hook = locked(cx, &id).await?;
                        let (count, last) = match event {
                            Some(event) => {
                                let found = delivery::replay(&mut cx.tx, &hook.id, &event, cx.now).await?;
                                (u64::from(found), None)
                            }
                            None => {
                                let after = after.as_ref();
                                delivery::replay_some(&mut cx.tx, &hook.id, after, cx.now, REPLAYED).await?
                            }
                        };
                        if count > 0 && deliveries == 0 {
                            changed(cx, staff, "webhook.replayed", &hook).await?;
                        } else if count > 0 {
                            cx.tell(Notice::Deliveries(DeliveriesQueued {}));
                        }
                        Ok((count, last))
                    })
                })
                .await?;
            deliveries += i64::try_from(count).unwrap_or(i64::MAX);
            after = last;
            if after.is_none() {
                break;
            }
        }
        Ok(Replayed { deliveries })
    }
}
