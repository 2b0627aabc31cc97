//! `GET /system`

use crate::http::body::{Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::limits::READY_DEADLINE;
use crate::roll;
use std::time::Duration;
use switchboard_wire::call::system::GetSystem;
use switchboard_wire::view::{System, SystemBus, SystemDatabase};
use tokio::time::Instant;

pub(crate) async fn get_system(staff: Staff) -> Answer<Reply<System>> {
    let begin = Instant::now();
    // First of all: who may not know it has nothing asked.
    let stored = staff.ask(GetSystem {}).await?;
    let took = begin.elapsed();
    let edge = staff.edge();
    let (bus, nodes) = tokio::join!(bus(&staff), roll::call(edge));
    Ok(ok(System {
        version: env!("CARGO_PKG_VERSION").into(),
        database: SystemDatabase { kind: stored.kind, durable: stored.durable, ms: ms(took) },
        bus,
        dbmgrs: u64::try_from(edge.hub.repairs.dbmgrs()).unwrap_or(u64::MAX),
        nodes: nodes?,
    }))
}

async fn bus(staff: &Staff) -> SystemBus {
    let begin = Instant::now();
    let mut trouble = None;
    for bus in &staff.edge().buses {
        if let Err(error) = bus.flush(READY_DEADLINE).await {
            trouble = Some(error.to_string());
        }
    }
    SystemBus { up: trouble.is_none(), ms: ms(begin.elapsed()), trouble }
}

fn ms(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
