//! What each call does, a file per verb.

pub(crate) mod account;
mod agent;
mod append;
mod article;
mod automation;
mod ban;
mod canned;
mod conversation;
mod edge;
pub(crate) mod file;
mod guest;
mod guide;
mod hook;
mod identity;
pub(crate) mod mail;
pub(crate) mod mention;
mod report;
mod router;
mod saved_view;
mod search;
mod session;
pub(crate) mod settings;
mod supervise;
mod team;
mod visitor;
mod webhook;
