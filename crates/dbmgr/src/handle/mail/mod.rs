//! E-mail to visitors: whether there is a reason for one, what stands in it, and its links.

pub(crate) mod compose;
pub(crate) mod enqueue;
mod list;
mod open;
mod stop;
mod transcript;

/// The purpose of a link that leads back.
const OPEN: &str = "open";
/// The purpose of a link that ends e-mails about a conversation.
const STOP: &str = "stop";
