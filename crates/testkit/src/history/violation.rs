//! What can be wrong.

use serde::{Deserialize, Serialize};

/// The kinds of what can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Kind {
    /// Acknowledged or stored, and not there for somebody who should have it.
    Lost,
    /// Stored or shown more than once.
    Doubled,
    /// Against the order of time, of a sender, or of the numbers.
    OutOfOrder,
    /// A number that is missing in a history.
    Gap,
    /// Two of acknowledgement, history and what was shown say different things.
    Disagrees,
    /// Refused for good, and stored all the same.
    RefusedAndStored,
    /// Stored, and nobody has sent it.
    Invented,
    /// Shown to somebody who must not see it.
    Leaked,
    /// An automation's answer that answers nothing, or not what it should.
    WrongAnswer,
    /// A message that an automation left without an answer.
    Unanswered,
}

/// Something that is wrong, with what is needed to find it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Violation {
    /// The kind.
    pub kind: Kind,
    /// What was seen, with names, ids and numbers.
    pub what: String,
}

impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.kind, self.what)
    }
}

/// The list that the checks write into.
#[derive(Debug, Default)]
pub(super) struct Found(pub(super) Vec<Violation>);

impl Found {
    pub(super) fn add(&mut self, kind: Kind, what: String) {
        self.0.push(Violation { kind, what });
    }
}
