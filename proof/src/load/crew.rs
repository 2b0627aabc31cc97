//! Those who are there all the time: an admin and the agents.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use serde_json::json;
use switchboard_testkit::{Http, Staff, System, Visitor};

/// Conversations that an agent is given at most: more than there ever are.
const CAPACITY: u32 = 100;

/// The staff of a system.
#[derive(Debug)]
pub struct Crew {
    /// Who made the agents.
    pub admin: Staff,
    /// The agents, online.
    pub agents: Vec<Staff>,
    /// The id of the team "General", in which they are.
    pub general: String,
}

impl Crew {
    /// Makes an admin and so many agents, who go online.
    ///
    /// # Errors
    /// When something is refused.
    pub async fn hire(system: &System, agents: usize) -> anyhow::Result<Self> {
        let admin = system.admin().await?;
        let general = system.general(&admin).await?;
        let mut hired = Vec::new();
        for _ in 0..agents {
            let agent =
                Box::pin(admin.make("/agents", json!({ "teams": [general], "capacity": CAPACITY }))).await?;
            agent.presence("online").await?;
            hired.push(agent);
        }
        Ok(Self { admin, agents: hired, general })
    }
}

/// A visitor arrives, from an address of its own, because arrivals are limited by address.
///
/// # Errors
/// When the server refuses.
pub async fn arrive(node: &Http) -> anyhow::Result<Visitor> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let [_, a, b, c] = n.to_be_bytes();
    // 127.1.0.1 and up; the addresses below are the servers' and everybody's.
    let source = Ipv4Addr::new(127, 1 + a, b, c.max(1));
    Visitor::arrive(&node.clone().from_source(IpAddr::V4(source))).await
}
