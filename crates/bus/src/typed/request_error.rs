//! Why a request got no answer.

use std::time::Duration;

use switchboard_wire::{Failure, Problem};

use crate::error::BusError;

/// Why a request got no answer. Except for [`RequestError::NoResponders`], [`RequestError::TooManyInFlight`]
/// and refusals of the bus it may have been carried out all the same.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// Nobody listens on the subject.
    #[error("nobody is there to answer")]
    NoResponders,
    /// No answer before the deadline.
    #[error("no answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// The connection broke while waiting.
    #[error("the connection broke before the answer came")]
    Lost,
    /// More requests wait than [`crate::limits::CALLS_IN_FLIGHT`].
    #[error("too many requests wait for an answer")]
    TooManyInFlight,
    /// The bus did not take it.
    #[error(transparent)]
    Bus(#[from] BusError),
}

impl From<RequestError> for Failure {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::Bus(BusError::TooLarge { .. }) => Self::new(Problem::TooLarge, error.to_string()),
            error => Self::unavailable(format!("{error}; try again")),
        }
    }
}
