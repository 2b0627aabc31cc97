//! Requests to servers of other people. Whoever may name an address there must not be able to reach with it what only we
//! can reach (OWASP, Server-Side Request Forgery Prevention):
//!
//! - HTTPS, unless the configuration allows plain HTTP.
//! - No address of a private, local or otherwise special network, unless the configuration allows that network. A name is
//!   resolved once, **every** address that it has is looked at, and the connection goes to one of those: a name that means
//!   something else a moment later gets nowhere.
//! - No redirect is followed.
//! - A deadline for everything, a bound for every answer, and so many requests at a time.
//!
//! [`sign`] signs a request as [Standard Webhooks](https://www.standardwebhooks.com) says.

mod client;
mod failure;
pub mod limits;
mod network;
mod opened;
mod places;
mod policy;
pub mod sign;
mod special;
mod target;
mod tls;

pub use client::{Answer, Client, Request};
pub use failure::Failure;
pub use network::{BadNetwork, Network};
pub use opened::Opened;
pub use policy::Policy;
pub use target::Target;
pub use tls::certificates;
