//! The typed layer: calls and their answers over any bus.

mod caller;
mod codec;
mod inbox;
mod request_error;
mod server;

pub use caller::Caller;
pub use codec::{DEADLINE_HEADER, FAILURE_HEADER, read_call, read_reply, write_call, write_reply};
pub use inbox::Inbox;
pub use request_error::RequestError;
pub use server::{Answer, Incoming, Server, serve, serve_calls, serve_messages};
