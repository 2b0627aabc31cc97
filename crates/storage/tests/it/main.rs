//! The storage room against real databases: every test of `both!` runs on SQLite and on MariaDB.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

mod articles;
mod belongings;
mod clock;
mod conversations;
mod entries;
mod faults;
mod files;
mod fixture;
mod grown;
mod guests;
mod identity;
mod inbox;
mod locks;
mod mail;
mod pool;
mod reference;
mod reports;
mod routing;
mod rules;
mod schema;
mod staff;
mod visitors;
mod webhooks;
