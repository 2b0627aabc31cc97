//! Automations that are reached over HTTPS instead of NATS. For each of them this stands on the bus as a service like any
//! other, so that discovery, deadlines, attempts and everything else are what they are for all: a turn comes from the
//! bus, goes out as a signed request, and the answer goes back.
//!
//! Every process that owns the database runs all of them; the bus shares the turns among those that are there.

mod hook;
mod keeper;
pub mod limits;

pub use keeper::{List, Parts, run};
