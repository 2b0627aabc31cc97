//! The rules of Switchboard: pure functions and values, without async, clock or I/O.
//!
//! Everything that decides something lives here; the crates around it load, call and save.

pub mod account;
pub mod assignment;
pub mod attributes;
pub mod author;
pub mod automation;
pub mod ban;
pub mod canned;
pub mod clock;
pub mod conversation;
pub mod entry;
pub mod file;
pub mod hours;
pub mod id;
pub mod identity;
pub mod limits;
pub mod mail;
pub mod message;
pub mod password;
pub mod presence;
pub mod priority;
pub mod report;
pub mod role;
pub mod secret;
pub mod settings;
pub mod skill;
pub mod tag;
pub mod team;

pub use account::Account;
pub use attributes::Attributes;
pub use author::{Author, AuthorKind};
pub use clock::{Clock, Millis, Rng};
pub use conversation::{Conversation, Owner, Refusal, Status, apply, decide};
pub use entry::{Entry, EntryKind};
pub use id::{
    AccountId, BanId, CannedId, ConversationId, EntryId, FileId, KeyId, MailId, SessionId, TeamId, VisitorId,
};
pub use message::{Choice, ClientMsgId, Text};
pub use presence::Presence;
pub use priority::Priority;
pub use role::Role;
pub use secret::{Secret, TokenHash};
pub use settings::Settings;
pub use team::TeamRules;
