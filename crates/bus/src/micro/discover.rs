//! Who is there, and what they have done.

use std::time::Duration;

use serde::de::DeserializeOwned;
use tokio::time::{Instant, timeout_at};

use super::types::{INFO_TYPE, STATS_TYPE, ServiceInfo, ServiceStats};
use crate::error::BusError;
use crate::message::Message;
use crate::port::Bus;

/// Answers that one discovery reads at most; more instances than this are not listed.
pub const DISCOVERED_INSTANCES: usize = 4_096;

/// Asks all services on the bus who they are and collects the answers for `wait`. One entry for each
/// instance. An answer is what its sender claims: whether it is the automation that it says is decided by
/// who may listen on the automation's subjects; see [`confirm`].
///
/// # Errors
/// What [`Bus::subscribe`] and [`Bus::publish`] refuse.
pub async fn discover(bus: &dyn Bus, wait: Duration) -> Result<Vec<ServiceInfo>, BusError> {
    let infos = ask::<ServiceInfo>(bus, "$SRV.INFO", wait).await?;
    Ok(infos.into_iter().filter(|info| info.kind == INFO_TYPE).collect())
}

/// The same of the services of one name, asked where only they may listen if the bus confines its users: what they
/// answer nobody else could.
///
/// # Errors
/// As [`discover`].
pub async fn confirm(bus: &dyn Bus, name: &str, wait: Duration) -> Result<Vec<ServiceInfo>, BusError> {
    let infos = ask::<ServiceInfo>(bus, &format!("$SRV.INFO.{name}"), wait).await?;
    Ok(infos.into_iter().filter(|info| info.kind == INFO_TYPE && info.identity.name == name).collect())
}

/// Asks all services on the bus what they have done since they started.
///
/// # Errors
/// As [`discover`].
pub async fn stats(bus: &dyn Bus, wait: Duration) -> Result<Vec<ServiceStats>, BusError> {
    let stats = ask::<ServiceStats>(bus, "$SRV.STATS", wait).await?;
    Ok(stats.into_iter().filter(|stats| stats.kind == STATS_TYPE).collect())
}

async fn ask<T: DeserializeOwned>(bus: &dyn Bus, subject: &str, wait: Duration) -> Result<Vec<T>, BusError> {
    let inbox = bus.new_inbox();
    let mut answers = bus.subscribe_bounded(&inbox, None, DISCOVERED_INSTANCES).await?;
    let until = Instant::now() + wait;
    bus.publish(Message::new(subject, "").reply_to(inbox)).await?;
    let mut found = Vec::new();
    while let Ok(Some(answer)) = timeout_at(until, answers.next_message()).await {
        if answer.is_no_responders() {
            break;
        }
        match serde_json::from_slice::<T>(&answer.payload) {
            Ok(one) => found.push(one),
            Err(problem) => tracing::debug!(%problem, "a service answered something else"),
        }
        if found.len() == DISCOVERED_INSTANCES {
            break;
        }
    }
    Ok(found)
}
