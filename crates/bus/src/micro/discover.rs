//! Who is there.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::types::{INFO_TYPE, ServiceInfo};
use crate::error::BusError;
use crate::message::Message;
use crate::port::Bus;

/// Answers that one discovery reads at most; more instances than this are not listed.
pub const DISCOVERED_INSTANCES: usize = 4_096;

/// Asks all services on the bus who they are and collects the answers for `wait`. One entry for each
/// instance. An answer is what its sender claims: whether it is the automation that it says is decided by
/// who may listen on the automation's subject.
///
/// # Errors
/// What [`Bus::subscribe`] and [`Bus::publish`] refuse.
pub async fn discover(bus: &dyn Bus, wait: Duration) -> Result<Vec<ServiceInfo>, BusError> {
    let until = Instant::now() + wait;
    let inbox = bus.new_inbox();
    let mut answers = bus.subscribe_bounded(&inbox, None, DISCOVERED_INSTANCES).await?;
    bus.publish(Message::new("$SRV.INFO", "").reply_to(inbox)).await?;
    let mut found = Vec::new();
    while let Ok(Some(answer)) = timeout_at(until, answers.next_message()).await {
        if answer.is_no_responders() {
            break;
        }
        match serde_json::from_slice::<ServiceInfo>(&answer.payload) {
            Ok(info) if info.kind == INFO_TYPE => found.push(info),
            Ok(_) => {}
            Err(problem) => tracing::debug!(%problem, "a service answered something else"),
        }
        if found.len() == DISCOVERED_INSTANCES {
            break;
        }
    }
    Ok(found)
}
