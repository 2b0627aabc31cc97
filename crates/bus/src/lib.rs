//! The bus: one port, in-process and NATS implementations, and the typed layer on top.

pub mod limits;
pub mod micro;

mod error;
mod local;
mod message;
mod nats;
mod port;
mod subject;
mod subscription;
mod typed;

pub use error::BusError;
pub use limits::MAX_MESSAGE_BYTES;
pub use local::Local;
pub use message::{Headers, Message, STATUS_NO_RESPONDERS};
pub use nats::{Nats, NatsOptions};
pub use port::{Bus, BusState};
pub use subject::{Subject, check_pattern, check_subject, matches};
pub use subscription::{Delivery, Subscription};
pub use typed::{
    Answer, Caller, DEADLINE_HEADER, FAILURE_HEADER, Inbox, Incoming, RequestError, Server, read_call,
    read_reply, serve, serve_calls, serve_messages, write_call, write_reply,
};
