//! Visitors: arriving, what they may start with, starting.

mod arrive;
mod get_directory;
mod list_own;
mod prove;
mod start;

pub(super) use arrive::save;
