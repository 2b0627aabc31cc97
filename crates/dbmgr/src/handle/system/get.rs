//! What is known of the database, after a round trip to it.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use std::sync::atomic::Ordering;
use switchboard_storage::{Dialect, meta};
use switchboard_wire::call::system::{GetSystem, Stored};

impl Handle for GetSystem {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Stored> {
        meta::epoch(&mut cx.tx).await?;
        let kind = match cx.tx.dialect() {
            Dialect::Sqlite => "sqlite",
            Dialect::MySql => "mysql",
        };
        Ok(Stored { kind: kind.into(), durable: cx.shared.durable.load(Ordering::Relaxed) })
    }
}
