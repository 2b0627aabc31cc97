//! Identifiers: opaque ASCII text of at most 26 characters, the same in the API and in the tables.

use crate::clock::{Millis, Rng};
use serde::{Deserialize, Serialize};
use std::fmt;
use ulid::Ulid;

/// Longest identifier, in characters (contract §5).
pub const MAX_ID_CHARS: usize = 26;

/// The text is no identifier; to a caller the thing it names does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an id is 1 to 26 characters of A-Z, a-z, 0-9, - and _")]
pub struct BadId;

fn check(text: &str) -> Result<(), BadId> {
    let fits = !text.is_empty() && text.len() <= MAX_ID_CHARS;
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    if fits && plain { Ok(()) } else { Err(BadId) }
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// A random id: 128 unpredictable bits, never reused.
            pub fn random(rng: &dyn Rng) -> Self {
                Self(Ulid(rng.u128()).to_string())
            }

            /// An id that sorts by the time it was made, so that a unique index stays cheap.
            pub fn timed(now: Millis, rng: &dyn Rng) -> Self {
                Self(Ulid::from_parts(now.unsigned_abs(), rng.u128()).to_string())
            }

            /// The first of all ids of that time.
            pub fn first_of(at: Millis) -> Self {
                Self(Ulid::from_parts(at.max(0).unsigned_abs(), 0).to_string())
            }

            /// The text as it stands in the API and in the tables.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                check(&text).map(|()| Self(text))
            }
        }

        impl std::str::FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                check(text).map(|()| Self(text.to_owned()))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// A staff account. Random and never reused, so that history keeps meaning what it meant.
    AccountId
);
id!(
    /// A staff member's session (not its secret).
    SessionId
);
id!(
    /// An end user.
    VisitorId
);
id!(
    /// A conversation.
    ConversationId
);
id!(
    /// One line of a conversation.
    EntryId
);
id!(
    /// A team of agents.
    TeamId
);
id!(
    /// A canned reply.
    CannedId
);
id!(
    /// A saved view.
    SavedViewId
);
id!(
    /// An article.
    ArticleId
);
id!(
    /// A ban.
    BanId
);
id!(
    /// A file in a conversation.
    FileId
);
id!(
    /// A rule.
    RuleId
);
id!(
    /// A key with which a site signs who its visitors are.
    KeyId
);
id!(
    /// An e-mail to a visitor.
    MailId
);
id!(
    /// A server that is told what happens.
    WebhookId
);

#[cfg(test)]
mod tests {
    use super::*;

    struct Dice(u8);
    impl Rng for Dice {
        fn fill(&self, bytes: &mut [u8]) {
            bytes.fill(self.0);
        }
    }

    #[test]
    fn timed_ids_sort_by_time_whatever_the_dice() {
        let early = AccountId::timed(1_000, &Dice(255));
        let late = AccountId::timed(1_001, &Dice(0));
        assert!(early < late);
        assert_eq!(early.as_str().len(), MAX_ID_CHARS);
        let first = AccountId::first_of(1_001);
        assert!(early < first && first <= late && AccountId::first_of(-1) < early);
    }

    #[test]
    fn text_that_is_no_id_is_refused() {
        for bad in ["", "a b", "a'b", "é", &"x".repeat(27)] {
            assert_eq!(bad.parse::<TeamId>(), Err(BadId), "{bad:?}");
        }
        assert!("general-1_A".parse::<TeamId>().is_ok());
    }
}
