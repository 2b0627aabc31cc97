//! What each call does, a file per verb.

pub(crate) mod account;
mod session;
