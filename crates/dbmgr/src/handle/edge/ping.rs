//! A round trip to the database.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use std::sync::atomic::Ordering;
use switchboard_storage::meta;
use switchboard_wire::call::edge::{Ping, Pong};

impl Handle for Ping {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Pong> {
        let epoch = meta::epoch(&mut cx.tx).await?;
        cx.shared.relay.set_epoch(&epoch);
        Ok(Pong { epoch, durable: cx.shared.durable.load(Ordering::Relaxed) })
    }
}
