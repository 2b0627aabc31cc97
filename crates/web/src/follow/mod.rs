//! Who follows what, and how everything told reaches them: once, in order, without a gap.
//!
//! The way of an entry: a dbmgr tells it ([`listen`]), the hub finds the conversation's topic ([`hub`]), the topic
//! orders it and gives it to its followers ([`topic`]). Whoever comes late is given the past first ([`replay`]);
//! what was not heard is read from the database ([`beats`], [`repair`]).

mod beats;
pub(crate) mod estimates;
pub(crate) mod hub;
pub(crate) mod index;
pub(crate) mod listen;
pub(crate) mod lists;
mod place;
pub(crate) mod recent;
pub(crate) mod repair;
pub(crate) mod replay;
mod ring;
mod states;
#[cfg(test)]
mod testing;
pub(crate) mod topic;
