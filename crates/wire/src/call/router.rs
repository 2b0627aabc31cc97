//! What the router asks and does.

use super::call;
use crate::turn::{TurnReply, TurnRequest};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use switchboard_domain::automation_rules::DEFAULT_CONCURRENCY;

/// Who waits and who is there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct GetBoard {
    /// Only those queues of which somebody who is online could take one now: what a decision needs, however many wait
    /// for those who have no room.
    #[serde(default)]
    pub within_reach: bool,
}

/// The queue and the agents.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Board {
    /// What waits, queue by queue, next first: at most 1,000 of each.
    pub waiting: Vec<BoardWaiting>,
    /// How many wait in all, also in queues that were not asked for.
    #[serde(default)]
    pub queued: i64,
    /// Agents who say that they are online, or away.
    pub agents: Vec<BoardAgent>,
    /// How the teams with somebody waiting work, where that differs from the default.
    #[serde(default)]
    pub teams: Vec<BoardTeam>,
    /// The time at which all this is so (milliseconds since 1970, by the common clock).
    #[serde(default)]
    pub now: i64,
}

/// How a team works at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardTeam {
    /// Its id.
    pub team: String,
    /// Whether it is within its business hours; outside nothing of its queue is handed out.
    pub open: bool,
    /// Milliseconds for which those with the right skills are waited for.
    pub widen_ms: i64,
    /// The team that helps out, if it is within its own hours.
    pub helper: Option<String>,
    /// Milliseconds in the queue after which it does.
    pub helps_after_ms: i64,
}

/// A conversation in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardWaiting {
    /// Which.
    pub conversation: String,
    /// Its fence.
    pub fence: i64,
    /// Whose queue.
    pub team: Option<String>,
    /// Higher goes first.
    pub priority: i64,
    /// Since when.
    pub queued_at: i64,
    /// Who let it lapse.
    pub missed_by: Option<String>,
    /// The agent who had the visitor last.
    #[serde(default)]
    pub known: Option<String>,
    /// The skills that it asks for.
    #[serde(default)]
    pub needs: Vec<String>,
}

/// An agent who is not offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardAgent {
    /// The account's id.
    pub agent: String,
    /// Whether to be given conversations.
    pub online: bool,
    /// The ids of the teams.
    pub teams: Vec<String>,
    /// Most at once.
    pub capacity: i64,
    /// Open ones now.
    pub open: i64,
    /// Since when nothing was handed to this agent.
    pub idle_since: i64,
    /// What this agent is good for.
    #[serde(default)]
    pub skills: Vec<String>,
}

/// Conversations that the router must look at now.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDue {
    /// At most so many.
    pub limit: i64,
}

/// Why a conversation is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// Its automation has a turn to answer.
    Turn,
    /// Its agent has not answered in time.
    Answer,
    /// Its snooze is over.
    Wake,
}

/// A conversation that is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// Which.
    pub conversation: String,
    /// Its fence.
    pub fence: i64,
    /// Why.
    pub kind: DueKind,
}

/// What is due, and when something will be next.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct DueList {
    /// Now.
    pub due: Vec<Due>,
    /// The next moment (milliseconds since 1970), if anything is planned.
    pub next_at: Option<i64>,
}

/// The turn that a conversation has to be answered, if it still has one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetTurn {
    /// Of which conversation.
    pub conversation: String,
    /// The web hooks that its guide had called for this turn, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub called: Vec<Called>,
}

/// A web hook that a guide had called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// By which step.
    pub step: String,
    /// The attributes that it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<BTreeMap<String, String>>,
    /// What went wrong, when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// A web hook that a guide wants to be called before it answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GuideCall {
    /// What tells it from every other, however often it is made: the turn's, the step and its place among the calls.
    pub id: String,
    /// By which step.
    pub step: String,
    /// The web hook's id.
    pub webhook: String,
    /// What is sent.
    pub body: String,
}

/// A turn, and who is to answer it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TurnWork {
    /// The automation's name.
    pub automation: String,
    /// What it is asked; `attempt` counts those stored.
    pub request: TurnRequest,
    /// The newest visitor message that the turn answers.
    pub seq: i64,
    /// The reply, when whoever looked the turn up answers it too: a guide's turn goes to no service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reply: Option<TurnReply>,
    /// A web hook to be called first; the turn is then looked up again with what it answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call: Option<GuideCall>,
    /// Turns that its automation may have out at a time.
    #[serde(default = "concurrency")]
    pub concurrency: i64,
}

fn concurrency() -> i64 {
    DEFAULT_CONCURRENCY
}

/// Applies a reply to a turn, once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ApplyReply {
    /// To which conversation.
    pub conversation: String,
    /// As the turn had it.
    pub fence: i64,
    /// Who replied.
    pub automation: String,
    /// The oldest visitor message that the turn answers; a router of an earlier version does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<i64>,
    /// The newest one.
    pub seq: i64,
    /// What it said.
    pub reply: TurnReply,
}

/// An attempt at a turn failed; the third hands over to people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct FailTurn {
    /// Of which conversation.
    pub conversation: String,
    /// As the turn had it.
    pub fence: i64,
    /// Who failed.
    pub automation: String,
    /// The newest visitor message that the turn answers.
    pub seq: i64,
    /// Attempts that failed so far.
    pub attempts: i64,
    /// Milliseconds until the next.
    pub retry_in_ms: i64,
    /// What went wrong, for the admin.
    pub error: String,
}

/// Gives a waiting conversation to an agent, if both still stand as the router saw them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Assign {
    /// Which.
    pub conversation: String,
    /// As the router saw it.
    pub fence: i64,
    /// To whom: an account's id.
    pub agent: String,
}

/// Takes a conversation from an agent who has not answered in time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Lapse {
    /// Which.
    pub conversation: String,
    /// As the router saw it.
    pub fence: i64,
}

/// Ends a snooze that is over.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Wake {
    /// Which.
    pub conversation: String,
}

/// An agent has vanished: offline, and what was held goes back to the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RetireAgent {
    /// The account's id.
    pub agent: String,
}

/// Puts right what a change by hand in SQL left: conversations of accounts or automations that are gone or
/// inactive, sessions of inactive accounts, presence of those.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sweep {}

/// What a sweep put right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Swept {
    /// Conversations that went to people.
    pub conversations: i64,
    /// Sessions that were ended.
    pub sessions: i64,
    /// Conversations that were erased, being older than things are kept.
    #[serde(default)]
    pub erased: i64,
}

/// Conversations that are not indexed to their end, a piece of all of them at a time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetUnindexed {
    /// Where the piece begins.
    pub after: Option<String>,
    /// How many are looked at.
    pub limit: i64,
}

/// What there is to index.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unindexed {
    /// These.
    pub conversations: Vec<String>,
    /// Where the next piece begins; none at the end.
    pub next: Option<String>,
}

/// Adds to the search index what these conversations have that is not in it, as much as one transaction should.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct IndexLines {
    /// Which.
    pub conversations: Vec<String>,
}

/// What was indexed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Indexed {
    /// How many entries were looked at.
    pub entries: i64,
    /// Those that may have more.
    pub left: Vec<String>,
}

/// Services that answered discovery; new ones are recorded, inactive unless they are built in.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RecordAutomations {
    /// Found now.
    pub found: Vec<Found>,
}

/// A service that is an automation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does.
    pub description: String,
}

call! {
    GetBoard => "qry.board", COMPONENT, Board;
    GetDue => "qry.due", COMPONENT, DueList;
    GetTurn => "qry.turn", COMPONENT, Option<TurnWork>;
    ApplyReply => "cmd.apply_reply", COMPONENT, ();
    FailTurn => "cmd.fail_turn", COMPONENT, ();
    Assign => "cmd.assign", COMPONENT, ();
    Lapse => "cmd.lapse", COMPONENT, ();
    Wake => "cmd.wake", COMPONENT, ();
    RetireAgent => "cmd.retire_agent", COMPONENT, ();
    Sweep => "cmd.sweep", COMPONENT, Swept;
    GetUnindexed => "qry.unindexed", COMPONENT, Unindexed;
    IndexLines => "cmd.index_lines", COMPONENT, Indexed;
    RecordAutomations => "cmd.record_automations", COMPONENT, ();
}
