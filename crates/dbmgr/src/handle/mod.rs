//! What each call does, a file per verb.

pub(crate) mod account;
mod agent;
mod append;
mod automation;
mod canned;
mod conversation;
mod edge;
pub(crate) mod file;
mod router;
mod session;
mod team;
mod visitor;
