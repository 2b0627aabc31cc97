//! What a bus can refuse.

use std::time::Duration;

/// Why a bus did not do what it was asked to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BusError {
    /// The server is away. Nothing was sent; trying again later is right.
    #[error("the bus is not connected; it is being tried again")]
    Disconnected,
    /// More waits to be sent than the bound allows. Nothing was sent.
    #[error("the bus did not take the message within {} ms", .0.as_millis())]
    Congested(Duration),
    /// No confirmation came in time.
    #[error("the bus did not answer within {} ms", .0.as_millis())]
    Timeout(Duration),
    /// Payload and headers are larger than [`crate::MAX_MESSAGE_BYTES`] or than the server allows.
    #[error("a message of {size} bytes is larger than the {limit} bytes that the bus takes")]
    TooLarge {
        /// Size of the message, in bytes.
        size: usize,
        /// Largest size, in bytes.
        limit: usize,
    },
    /// Not a subject, pattern or queue group; the text is quoted.
    #[error("{0:?} is not a subject of the bus")]
    BadSubject(String),
    /// The address, credentials or other options cannot be used.
    #[error("the bus cannot be set up: {0}")]
    Setup(String),
    /// The bus was shut down in this process.
    #[error("the bus is closed")]
    Closed,
}
