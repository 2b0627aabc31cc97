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
pub(crate) mod mail;
mod report;
mod router;
mod session;
pub(crate) mod settings;
mod team;
mod visitor;
