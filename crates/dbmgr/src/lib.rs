//! The database manager: load, authorise, decide, apply, commit, tell.
//!
//! The only component that owns the database. Everybody reaches it through the calls of [`switchboard_wire::call`]:
//! over a bus, or in process through [`Dbmgr::call`] (the web part of `serve`, `switchboard su`, the router). Each
//! call is carried out by one transaction in which its credential is joined to the live account or visitor row
//! (`gate.rs`); what happened is told to all buses after the commit (`relay.rs`). Messages and notes go through the
//! group-commit writer (`writer/`).
//!
//! ```text
//! let service = switchboard_dbmgr::start(Parts { store, buses, automations, clock, rng }, &Options::default());
//! service.until_ready().await?;                 // the database is migrated, every bus is served
//! service.dbmgr().call(credential, GetSession {}).await?;
//! service.stop().await;
//!
//! let su = Dbmgr::offline(store, clock, rng);   // `switchboard su`, after Store::migrate_if_empty
//! su.call(Authority::Operator, operator::AddSuperAdmin { … }).await?;
//! ```

mod act;
mod audit;
mod authority;
mod availability;
mod broken;
mod builtin;
mod cx;
mod dbmgr;
mod gate;
mod halt;
mod handle;
mod hasher;
mod identity;
mod lease;
mod library;
pub mod limits;
mod mail;
pub mod metric;
mod one_time;
pub mod operator;
mod outward;
mod page;
mod registry;
mod relay;
mod rules;
mod ruling;
mod run;
mod service;
mod settling;
mod shared;
mod sightings;
mod staff;
mod tally;
#[cfg(test)]
mod testing;
mod throttle;
mod time;
mod touch;
mod webhooks;
mod writer;

pub use authority::Authority;
pub use dbmgr::Dbmgr;
pub use mail::{BadSmtp, MailOptions, Transport as MailTransport};
pub use service::{Options, Parts, Service, start};
