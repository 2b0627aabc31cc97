//! What travels: calls between components, notices to everybody, and the JSON of HTTP and sockets.
//!
//! Wire types are not domain types; whoever receives a call turns its text into domain values, and that is
//! where input becomes valid.

pub mod bytes64;
pub mod call;
pub mod credential;
pub mod failure;
pub mod notice;
pub mod permissions;
pub mod reply;
pub mod subject;
pub mod transcript;
pub mod turn;
pub mod view;

pub use bytes64::Bytes64;
pub use call::{Access, Actor, Call, Request};
pub use credential::Credential;
pub use failure::{Failure, Problem};
