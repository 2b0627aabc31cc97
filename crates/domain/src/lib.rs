//! The rules of Switchboard: pure functions and values, without async, clock or I/O.
//!
//! Everything that decides something lives here; the crates around it load, call and save.

pub mod account;
pub mod article;
pub mod assignment;
pub mod attributes;
pub mod author;
pub mod automation;
pub mod automation_rules;
pub mod ban;
pub mod canned;
pub mod clock;
pub mod conversation;
pub mod entry;
pub mod faq;
pub mod file;
pub mod guide;
pub mod hours;
pub mod id;
pub mod identity;
pub mod language;
pub mod limits;
pub mod mail;
pub mod mention;
pub mod message;
pub mod password;
pub mod presence;
pub mod priority;
pub mod report;
pub mod retrieval;
pub mod role;
pub mod rule;
pub mod saved_view;
pub mod search;
pub mod secret;
pub mod settings;
pub mod skill;
pub mod tag;
pub mod team;
pub mod webhook;

pub use account::Account;
pub use attributes::Attributes;
pub use author::{Author, AuthorKind};
pub use automation_rules::{AutomationHours, AutomationRules};
pub use clock::{Clock, Millis, Rng};
pub use conversation::{Conversation, Owner, Refusal, Status, apply, decide};
pub use entry::{Entry, EntryKind};
pub use id::{
    AccountId, ArticleId, BanId, CannedId, ConversationId, EntryId, FileId, KeyId, MailId, RuleId,
    SavedViewId, SessionId, TeamId, VisitorId, WebhookId,
};
pub use message::{Choice, ClientMsgId, Text};
pub use presence::Presence;
pub use priority::Priority;
pub use role::Role;
pub use secret::{Secret, TokenHash};
pub use settings::Settings;
pub use team::TeamRules;
