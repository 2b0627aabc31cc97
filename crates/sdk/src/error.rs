//! Why an automation has no reply.

/// Why an automation has no reply to a turn. It is sent as a service error, counts as a failed attempt, and
/// admins see the text: no secrets, nothing that the visitor wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct TurnError {
    /// A number in the manner of HTTP: 400 the turn was not understood, 429 too much to do, 500 it failed,
    /// 504 it took too long.
    pub code: u16,
    /// What went wrong, on one line.
    pub detail: String,
}

impl TurnError {
    /// It failed.
    pub fn failed(detail: impl Into<String>) -> Self {
        Self { code: 500, detail: detail.into() }
    }

    /// The turn could not be read.
    pub(crate) fn unreadable(detail: impl Into<String>) -> Self {
        Self { code: 400, detail: detail.into() }
    }

    /// More turns at a time than agreed.
    pub(crate) fn busy() -> Self {
        Self { code: 429, detail: "too many turns at a time".into() }
    }

    /// The time is up.
    pub(crate) fn late() -> Self {
        Self { code: 504, detail: "no reply within the deadline".into() }
    }
}

impl From<String> for TurnError {
    fn from(detail: String) -> Self {
        Self::failed(detail)
    }
}

impl From<&str> for TurnError {
    fn from(detail: &str) -> Self {
        Self::failed(detail)
    }
}
