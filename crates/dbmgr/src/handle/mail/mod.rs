//! E-mail to visitors: whether there is a reason for one, what stands in it, and its links.

pub(crate) mod compose;
pub(crate) mod enqueue;
mod list;
mod open;
mod stop;
mod transcript;
