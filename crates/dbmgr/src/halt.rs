//! Why a transaction stops without a commit, told apart by what the runner does about it.

use switchboard_domain::conversation::Refusal;
use switchboard_storage::Error;
use switchboard_wire::{Failure, Problem};

/// Why a transaction stops.
#[derive(Debug)]
pub(crate) enum Halt {
    /// The caller is told this.
    Refused(Failure),
    /// The database could not.
    Database(Error),
    /// Somebody else was faster; run it again, and it will see what they did.
    Again,
}

/// What a handler answers.
pub(crate) type Outcome<T> = Result<T, Halt>;

impl From<Failure> for Halt {
    fn from(failure: Failure) -> Self {
        Self::Refused(failure)
    }
}

impl From<Refusal> for Halt {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.into())
    }
}

impl From<Error> for Halt {
    fn from(error: Error) -> Self {
        Self::Database(error)
    }
}

/// What a caller is told about a failure of the database. The details stay in the log.
pub(crate) fn tell(error: &Error, what: &'static str) -> Failure {
    let kind = match error {
        Error::Conflict(_) => "conflict",
        Error::Busy(_) => "busy",
        Error::Deadlock(_) => "deadlock",
        Error::Unavailable(_) => "unavailable",
        Error::CommitUnknown(_) => "commit_unknown",
        Error::Schema(_) => "schema",
        Error::Config(_) => "config",
        Error::Other(_) => "other",
    };
    metrics::counter!(crate::metric::DATABASE_ERRORS, "kind" => kind).increment(1);
    match error {
        Error::Busy(_) | Error::Deadlock(_) => {
            tracing::warn!(%error, what, "gave up after several runs");
            Failure::unavailable("the database is too busy; nothing was done, try again")
        }
        Error::Unavailable(_) => {
            tracing::warn!(%error, what, "the database is away");
            Failure::unavailable("the database is not available; nothing was done, try again")
        }
        Error::CommitUnknown(_) => {
            tracing::warn!(%error, what, "the outcome of a commit is unknown");
            Failure::unavailable(
                "the database went away while it was being done; look whether it is, then try again",
            )
        }
        Error::Conflict(_) | Error::Schema(_) | Error::Config(_) | Error::Other(_) => {
            tracing::error!(%error, what, "the database refused");
            Failure::new(Problem::Internal, "something broke on our side; it is in the log")
        }
    }
}
