//! What the edge asks for its sockets.

use super::call;
use crate::failure::Failure;
use crate::view::{self, Audience, FollowState, Line, State};
use serde::{Deserialize, Serialize};
use switchboard_domain::{Role, TokenHash};

/// A socket opens: who is it, and what is open?
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Greet {}

/// Who opens a socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Me {
    /// A visitor.
    Visitor(view::Visitor),
    /// An agent, with the ids of the teams.
    Agent(view::Account),
}

/// The answer to a hello.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Greeting {
    /// Of this database.
    pub epoch: String,
    /// Who it is.
    pub me: Me,
    /// The visitor's own (newest 50), or the agent's open and snoozed ones.
    pub conversations: Vec<State>,
}

/// Many visitors open sockets at once: who are they, what is open, and what have they missed?
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GreetMany {
    /// At most 64 of them.
    pub visitors: Vec<Arrival>,
}

/// A visitor who opens a socket.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Arrival {
    /// Of the visitor's token.
    pub token: TokenHash,
    /// Where it was.
    pub resume: Vec<FollowState>,
}

/// The answer to one visitor's hello.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Welcomed {
    /// Who it is, and what is open.
    pub greeting: Greeting,
    /// What it has missed in those of its places that are among the greeting's conversations and could be looked up
    /// together with the others; the rest is asked for one by one.
    pub missed: Vec<Missed>,
}

/// What a visitor has missed in one conversation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Missed {
    /// Which.
    pub conversation: String,
    /// Why what the visitor has does not fit: `epoch`, `ahead`, `mismatch`; then there are no lines.
    pub reset: Option<String>,
    /// The first lines after the visitor's place, as it may see them.
    pub lines: Vec<Line>,
    /// Up to where that is all there is: the state's head, or less when there is more to ask for.
    pub upto: i64,
}

/// A reader wants to follow a conversation from a place on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Follow {
    /// Which.
    pub conversation: String,
    /// The last place that the reader has; 0 for nothing.
    pub last_seq: i64,
    /// That entry's id.
    pub last_id: Option<String>,
}

/// The answer to [`Follow`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Followed {
    /// The state now.
    pub state: State,
    /// Why what the reader has does not fit: `ahead`, `mismatch`; then there are no lines.
    pub reset: Option<String>,
    /// The first lines after the reader's place, as it may see them.
    pub lines: Vec<Line>,
    /// Whether there are more.
    pub more: bool,
}

/// Lines of a conversation after a place, for repair; who may see them the edge has asked before.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetLines {
    /// Of which conversation.
    pub conversation: String,
    /// After this place.
    pub after: i64,
    /// For whom.
    pub audience: Audience,
}

/// A page of lines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lines {
    /// In `seq` order.
    pub lines: Vec<Line>,
    /// Whether there are more.
    pub more: bool,
}

/// The states of many conversations, in no particular order; those that do not exist are left out.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetStates {
    /// At most 256 ids.
    pub ids: Vec<String>,
}

/// The summaries of many conversations, for agents' lists.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSummaries {
    /// At most 256 ids.
    pub ids: Vec<String>,
}

/// Are these sessions still good? Asked every half second for all staff sockets of a node.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Leases {
    /// Of the sessions.
    pub sessions: Vec<TokenHash>,
}

/// Whether a session is good, and for whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lease {
    /// It is.
    Good {
        /// The account's id.
        account: String,
        /// Its role.
        role: Role,
        /// The ids of its teams.
        teams: Vec<String>,
    },
    /// Its owner signed out, or it expired.
    SignedOut,
    /// Deactivated, deleted, revoked, or the password was changed.
    Revoked,
}

/// Which visitors may be here no more? Asked every second, beside the notices that say so at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetCutOff {
    /// Those of the last so many milliseconds.
    pub within_ms: i64,
}

/// Visitors who may be here no more: banned, or erased.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutOff {
    /// Their ids, newest first.
    pub visitors: Vec<String>,
}

/// Are agents shown what visitors are typing? Asked now and then while a visitor's client shows it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetPreviews {}

/// These sessions are in use.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TouchSessions {
    /// Of the sessions.
    pub sessions: Vec<TokenHash>,
}

/// A reader has seen everything up to a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MarkRead {
    /// Of which conversation.
    pub conversation: String,
    /// The last place seen.
    pub seq: i64,
}

/// A round trip to the database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ping {}

/// What a round trip finds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Pong {
    /// The epoch of the database.
    pub epoch: String,
    /// Whether its settings make commits durable.
    pub durable: bool,
}

call! {
    Greet => "qry.greet", CHAT, Greeting;
    GreetMany => "qry.greet_many", COMPONENT, Vec<Result<Welcomed, Failure>>;
    Follow => "qry.follow", CHAT, Followed;
    GetLines => "qry.lines", COMPONENT, Lines;
    GetStates => "qry.states", COMPONENT, Vec<State>;
    GetSummaries => "qry.summaries", COMPONENT, Vec<view::Summary>;
    Leases => "qry.leases", COMPONENT, Vec<Lease>;
    GetCutOff => "qry.cut_off", COMPONENT, CutOff;
    GetPreviews => "qry.previews", COMPONENT, bool;
    TouchSessions => "cmd.touch_sessions", COMPONENT, ();
    MarkRead => "cmd.mark_read", CHAT, ();
    Ping => "qry.ping", COMPONENT, Pong;
}
