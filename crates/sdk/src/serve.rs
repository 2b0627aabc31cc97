//! A whole program around an automation.

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use switchboard_bus::{BusError, Nats, NatsOptions};
use switchboard_wire::permissions::automation_user;

use crate::automation::Automation;
use crate::runner::{RunOptions, run};

/// Connects to NATS (`nats://[user:password@]host[:port]`, `?credentials=FILE` at its end) and takes turns until the
/// process is interrupted; then those in hand are finished. NATS may be away at any time.
///
/// # Errors
/// [`BusError::Setup`] for an address or a name that cannot be used.
#[expect(clippy::disallowed_methods, reason = "a program of its own has the machine's clock")]
pub async fn serve<A: Automation>(url: &str, automation: A) -> Result<(), BusError> {
    let bus = Nats::start(NatsOptions::new(url, &automation_user(automation.name()))?).await?;
    let started = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let options = RunOptions::new(i64::try_from(started).unwrap_or(i64::MAX));
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending().await
        }
    };
    run(Arc::new(bus), automation, options, interrupted).await
}
