//! Whether the process lives, and whether it can do its work.

use crate::edge::{Edge, Shared};
use crate::http::problem::{Answer, Refused};
use crate::limits::READY_DEADLINE;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use switchboard_wire::call::edge::Ping;
use switchboard_wire::{Credential, Failure};
use tokio::time::timeout;

/// `/healthz` and `/readyz`.
pub(crate) fn router() -> Router<Shared> {
    Router::new().route("/healthz", get(alive)).route("/readyz", get(ready))
}

async fn alive() -> &'static str {
    "alive\n"
}

async fn ready(State(edge): State<Shared>) -> Answer<&'static str> {
    check(&edge).await.map(|()| "ready\n").map_err(|reason| Refused(Failure::unavailable(reason)))
}

/// A real round trip to the database, and over every bus.
///
/// # Errors
/// What is away, in words.
pub(crate) async fn check(edge: &Edge) -> Result<(), String> {
    let database = async {
        match timeout(READY_DEADLINE, edge.ask(Credential::Component, Ping {})).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(failure)) => Err(format!("no answer from the database: {}", failure.detail)),
            Err(_) => Err("no answer from the database in time".to_owned()),
        }
    };
    let buses = async {
        for bus in &edge.buses {
            bus.flush(READY_DEADLINE).await.map_err(|error| format!("the bus is away: {error}"))?;
        }
        Ok(())
    };
    let (database, buses) = tokio::join!(database, buses);
    match (database, buses) {
        (Ok(()), Ok(())) => Ok(()),
        (Err(reason), Ok(())) | (Ok(()), Err(reason)) => Err(reason),
        (Err(one), Err(other)) => Err(format!("{one}; {other}")),
    }
}
