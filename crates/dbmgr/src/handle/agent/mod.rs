//! An agent's presence, and whom conversations can be passed to.

mod get_directory;
mod get_presence;
mod put_presence;
