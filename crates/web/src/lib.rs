//! The edge: HTTP, sockets, pages. It holds no truth, so any number of nodes serve anybody.
//!
//! ```text
//! let web = switchboard_web::serve(listener, WebConfig::default(), Parts { link, buses, clock, rng }).await?;
//! println!("listening on http://{}", web.address());
//! …
//! web.stop().await;
//! ```
//!
//! [`Parts::link`] is how it reaches a dbmgr. Over the bus: `Arc::new(Remote::new(caller))`. In process the
//! composition wraps its dbmgr:
//!
//! ```text
//! struct Local(Dbmgr);
//! impl<C: Handle> Ask<C> for Local {
//!     fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
//!         Box::pin(self.0.call(by, call))
//!     }
//! }
//! impl Link for Local {}
//! ```

pub mod limits;

mod api;
mod appends;
mod assistant;
mod buckets;
mod config;
mod edge;
mod files;
mod follow;
mod greetings;
mod health;
mod help;
mod http;
mod link;
mod pages;
mod per_address;
mod roll;
mod socket;
mod staff;
mod staffing;
#[cfg(test)]
mod testing;
mod transcript;
mod visitor;
mod web;
mod writing;

pub use api::openapi::openapi_json;
pub use api::roles::roles_markdown;
pub use config::{Limits, WebConfig};
pub use http::origin::BadOrigin;
pub use link::{Ask, Link, Remote};
pub use web::{Parts, Web, WebError, serve};
