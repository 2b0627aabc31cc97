//! The database: one SQL body for SQLite, MySQL and MariaDB; a file per noun.
//!
//! [`Store::open`] gives a handle, [`Store::read`] and [`Store::write`] a [`Tx`], and every noun is a module of plain
//! functions on it. This is the only room that knows the database driver.

pub mod account;
pub mod acquaintance;
pub mod article;
pub mod audit;
pub mod automation;
pub mod automation_rules;
mod backup;
pub mod ban;
pub mod canned;
mod clock;
mod connect;
pub mod conversation;
pub mod course;
pub mod details;
mod dialect;
mod durability;
pub mod entry;
pub mod erasure;
mod error;
pub mod file;
pub mod guide;
pub mod hook;
pub mod identity;
pub mod join;
pub mod limits;
mod lock;
pub mod mail;
mod many;
pub mod mention;
pub mod merge;
pub mod meta;
mod migrate;
mod options;
mod page;
mod pool;
pub mod presence;
pub mod read;
mod row;
pub mod saved_view;
pub mod search;
pub mod session;
pub mod skill;
mod store;
pub mod sweep;
pub mod tag;
pub mod team;
pub mod team_rules;
mod tx;
mod value;
pub mod visitor;
pub mod watch;
pub mod webhook;

pub use clock::{CommonTime, Correction};
pub use dialect::Dialect;
pub use durability::Durability;
pub use error::{Error, Result, Unique};
pub use lock::{DbmgrLease, RouterLock};
pub use migrate::{FIRST_TEAM, Schema};
pub use options::Options;
pub use page::After;
pub use store::Store;
pub use tx::Tx;
