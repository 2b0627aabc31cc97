//! The history checker: what clients did and saw, against what the program says has happened.
//!
//! A [`Record`] knows only what clients know: what they tried to send and when, what was acknowledged, what was
//! refused, what they were shown, in order and on which connection. [`check`] compares it with the stored
//! [`Histories`] and answers what does not fit; it is a pure function, and its own tests feed it every kind of
//! violation.

mod answers;
mod check;
mod entry;
mod observers;
mod order;
mod record;
mod recorder;
mod stored;
#[cfg(test)]
mod tests;
mod violation;

pub use answers::answer_of;
pub use check::check;
pub use entry::Entry;
pub use record::{
    Ack, Attempt, Histories, History, Micros, Observation, Observer, Record, Refusal, Role, Seen,
};
pub use recorder::Recorder;
pub use violation::{Kind, Violation};
