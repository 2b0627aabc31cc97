//! What each call does, a file per verb.

pub(crate) mod account;
mod agent;
mod append;
mod automation;
mod ban;
mod canned;
mod conversation;
mod edge;
pub(crate) mod file;
mod guest;
mod identity;
mod report;
mod router;
mod session;
mod settings;
mod team;
mod visitor;
