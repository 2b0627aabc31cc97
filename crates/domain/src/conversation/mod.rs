//! A conversation: a log of entries and exactly one owner.
//!
//! [`decide`] says what happens, [`apply`] what is true afterwards; both are pure. Every change of owner raises
//! the fence, and whoever acts with an older one is refused.

mod apply;
mod by_rule;
mod command;
mod decide;
mod event;
mod owner;
#[cfg(test)]
mod tests;

pub use apply::{apply, record};
pub use by_rule::Doing;
pub use command::{AgentRef, Command, Facts, Target};
pub use decide::{Refusal, decide};
pub use event::{Change, Event, What};
pub use owner::{Owner, Status};

use crate::clock::Millis;
use crate::id::{AccountId, ConversationId, EntryId, TeamId, VisitorId};
use crate::message::ClientMsgId;

/// The state of a conversation; one row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    /// Its id.
    pub id: ConversationId,
    /// Whose it is.
    pub visitor: VisitorId,
    /// The visitor's name when last known; kept here so that lists and searches need no join.
    pub visitor_name: String,
    /// The visitor's e-mail address when last known.
    pub visitor_email: Option<String>,
    /// How the visitor reaches us: "web" today.
    pub channel: String,
    /// Open, snoozed or resolved.
    pub status: Status,
    /// Who has it.
    pub owner: Owner,
    /// The team whose queue it is or was in; none is everybody's.
    pub team: Option<TeamId>,
    /// Raised by every change of owner.
    pub fence: i64,
    /// `seq` of the last entry; 0 before the first.
    pub head: i64,
    /// That entry's id.
    pub head_id: Option<EntryId>,
    /// `seq` of the last entry that the visitor sees.
    pub public_head: i64,
    /// That entry's id.
    pub public_head_id: Option<EntryId>,
    /// How many messages the visitor has written.
    pub inbound: i64,
    /// `seq` of the visitor's newest message; 0 when there is none.
    pub last_inbound: i64,
    /// The visitor's messages up to this `seq` have been answered.
    pub answered: i64,
    /// Failed attempts at the turn that is due.
    pub attempts: i64,
    /// The automation that last had it; a visitor who writes again goes back to it.
    pub automation: Option<String>,
    /// Whether people ever had it.
    pub had_people: bool,
    /// Whether a person ever wrote to the visitor.
    pub people_answered: bool,
    /// The agent who let it lapse, until somebody takes it.
    pub missed_by: Option<AccountId>,
    /// Who resolved it, see [`crate::Author::sender`].
    pub resolved_by: Option<String>,
    /// The last message, shortened, for lists.
    pub preview: String,
    /// Labels.
    pub tags: Vec<String>,
    /// Since when the visitor waits for an answer.
    pub waiting_since: Option<Millis>,
    /// Since when it is in the queue.
    pub queued_at: Option<Millis>,
    /// Higher goes first.
    pub priority: i64,
    /// When the snooze ends.
    pub snoozed_until: Option<Millis>,
    /// When the router must look at it: a turn, an answer that is late, the end of a snooze.
    pub due_at: Option<Millis>,
    /// What makes starting idempotent.
    pub start_key: Option<ClientMsgId>,
    /// The visitor's rating, 1 to 5.
    pub rating: Option<i64>,
    /// The visitor's words about it.
    pub rating_comment: Option<String>,
    /// When it began.
    pub created_at: Millis,
    /// When its last entry was written.
    pub updated_at: Millis,
}

impl Conversation {
    /// A conversation before its first entry.
    pub fn new(id: ConversationId, visitor: VisitorId, visitor_name: String, now: Millis) -> Self {
        Self {
            id,
            visitor,
            visitor_name,
            visitor_email: None,
            channel: "web".into(),
            status: Status::Open,
            owner: Owner::None,
            team: None,
            fence: 0,
            head: 0,
            head_id: None,
            public_head: 0,
            public_head_id: None,
            inbound: 0,
            last_inbound: 0,
            answered: 0,
            attempts: 0,
            automation: None,
            had_people: false,
            people_answered: false,
            missed_by: None,
            resolved_by: None,
            preview: String::new(),
            tags: Vec::new(),
            waiting_since: None,
            queued_at: None,
            priority: 0,
            snoozed_until: None,
            due_at: None,
            start_key: None,
            rating: None,
            rating_comment: None,
            created_at: now,
            updated_at: now,
        }
    }

    /// Whether the visitor has written something that nobody has answered.
    pub fn is_unanswered(&self) -> bool {
        self.last_inbound > self.answered
    }

    /// Whether an agent of these teams may see it: own, own teams' and teamless ones.
    pub fn is_visible_to(&self, agent: &AccountId, teams: &[TeamId]) -> bool {
        self.owner.is_agent(agent) || self.team.as_ref().is_none_or(|team| teams.contains(team))
    }
}
