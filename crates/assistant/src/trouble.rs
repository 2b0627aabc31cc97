//! Why there is no answer.

use http::StatusCode;
use switchboard_outbound::Failure;

/// Why a model gave no answer, in words for agents and admins: nothing of what was said, of what the endpoint answered or
/// of the key is in them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Trouble {
    /// It could not be asked, or not read.
    #[error("{0}")]
    Request(Failure),
    /// It refuses.
    #[error("it answered {0}{hint}", hint = hint(*.0))]
    Status(StatusCode),
    /// It is not asked: this process may not, for now.
    #[error("this process has asked for all that {0} allows in the configuration")]
    Spent(&'static str),
    /// It gave up in the middle of its answer.
    #[error("it reported an error within its answer")]
    Reported,
    /// Its answer has no end.
    #[error("its answer broke off")]
    Cut,
    /// What came is not the protocol, or not what it was asked for.
    #[error("its answer cannot be read: {0}")]
    Nonsense(&'static str),
}

impl Trouble {
    /// Whether the same request may well go through a moment later.
    pub(crate) fn passes(&self) -> bool {
        match self {
            Self::Request(failure) => matches!(failure, Failure::Connect(_) | Failure::Name(_)),
            Self::Status(status) => status.is_server_error() || *status == StatusCode::TOO_MANY_REQUESTS,
            Self::Spent(_) | Self::Reported | Self::Cut | Self::Nonsense(_) => false,
        }
    }
}

fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 | 422 => ": does it take such a request? Is the model one for chats, and is it spelt right?",
        401 | 403 => ": is the key right?",
        404 => ": are base_url and model right?",
        429 => ": its limit is reached",
        300..=399 => ": redirects are not followed",
        _ => "",
    }
}
