//! The parts of the machine by themselves: what a database or a bus gives to somebody who wants nothing else of it.

pub mod argon;
pub mod mariadb;
pub mod nats;
pub mod pages;
pub mod sqlite;

use std::time::Duration;

use crate::load::{Latencies, Sample};

/// What was counted in a window, as a sample without latencies.
fn counted(took: Duration, done: u64, cpu: Vec<(String, Duration)>) -> anyhow::Result<Sample> {
    let (acked, delivered) = (Latencies::new()?, Latencies::new()?);
    Ok(Sample { took, done, acked, delivered, cpu, under_way: (0, 0) })
}
