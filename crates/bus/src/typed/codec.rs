//! How calls and answers are written.

use std::time::Duration;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use switchboard_wire::call::{Request, RequestRef};
use switchboard_wire::{Call, Credential, Failure, Problem};

use super::server::Incoming;
use crate::message::Message;

/// Header of a request: how long the caller waits, in milliseconds.
pub const DEADLINE_HEADER: &str = "Switchboard-Deadline-Ms";

/// Header of an answer whose payload is a [`Failure`]: the problem's name.
pub const FAILURE_HEADER: &str = "Switchboard-Failure";

/// Writes a call as a request's payload.
///
/// # Errors
/// [`Problem::Internal`] when it cannot be written.
pub fn write_call<C: Call>(by: &Credential, call: &C) -> Result<Bytes, Failure> {
    encode(&RequestRef { by, call })
}

/// Reads a call from a request.
///
/// # Errors
/// [`Problem::BadRequest`] when it is not one.
pub fn read_call<C: Call>(request: &Incoming) -> Result<Request<C>, Failure> {
    let unreadable = |problem: serde_json::Error| {
        Failure::new(Problem::BadRequest, format!("{} cannot be read: {problem}", C::NAME))
    };
    // In two steps, of which one is the same for all calls.
    let Request::<&RawValue> { by, call } =
        serde_json::from_slice(&request.message.payload).map_err(unreadable)?;
    Ok(Request { by, call: serde_json::from_str(call.get()).map_err(unreadable)? })
}

/// Writes a call's reply as an answer's payload.
///
/// # Errors
/// [`Problem::Internal`] when it cannot be written.
pub fn write_reply<C: Call>(reply: &C::Reply) -> Result<Bytes, Failure> {
    encode(reply)
}

/// Reads a call's reply, or the failure that stands in its place, from an answer.
///
/// # Errors
/// The failure; [`Problem::Internal`] when the answer is neither.
pub fn read_reply<C: Call>(answer: &Message) -> Result<C::Reply, Failure> {
    decode(answer)
}

fn encode(value: &impl Serialize) -> Result<Bytes, Failure> {
    serde_json::to_vec(value).map(Bytes::from).map_err(|problem| {
        tracing::error!(%problem, kind = std::any::type_name_of_val(value), "cannot be written as JSON");
        Failure::new(Problem::Internal, "what was to be sent could not be written; it is in the log")
    })
}

/// Reads an answer: the value, or the failure that stands in its place.
fn decode<T: DeserializeOwned>(answer: &Message) -> Result<T, Failure> {
    let unreadable = |problem: serde_json::Error| {
        tracing::error!(%problem, kind = std::any::type_name::<T>(), "an answer cannot be read");
        Failure::new(Problem::Internal, "the answer could not be read; are all parts of the same version?")
    };
    if answer.headers.get(FAILURE_HEADER).is_some() {
        return Err(serde_json::from_slice(&answer.payload).unwrap_or_else(unreadable));
    }
    serde_json::from_slice(&answer.payload).map_err(unreadable)
}

/// An answer on its way to `reply`.
pub(super) fn answer(reply: &str, result: Result<Bytes, Failure>) -> Message {
    match result {
        Ok(payload) => Message::new(reply, payload),
        Err(failure) => {
            // A failure is text and a number: writing it cannot fail, and an empty payload would be read as
            // an unreadable failure.
            let payload = serde_json::to_vec(&failure).unwrap_or_default();
            Message::new(reply, payload).header(FAILURE_HEADER, failure.problem.name())
        }
    }
}

pub(super) fn deadline(request: &Message) -> Option<Duration> {
    let text = request.headers.get(DEADLINE_HEADER)?;
    text.parse().ok().map(Duration::from_millis)
}
