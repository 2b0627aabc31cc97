//! What can be asked of a conversation.

use crate::author::Author;
use crate::automation::Reply;
use crate::clock::Millis;
use crate::entry::Client;
use crate::id::{AccountId, TeamId};
use crate::message::{Choice, Text};
use crate::priority::Priority;

/// An agent who acts or is meant: id and shown name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentRef {
    /// Who.
    pub id: AccountId,
    /// The name that people see.
    pub name: String,
}

impl AgentRef {
    /// As the author of an entry.
    pub fn author(&self) -> Author {
        Author::agent(self.id.as_str(), &self.name)
    }
}

/// What is true around the conversation at this moment, loaded in the same transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// Whether an agent who could take it is online.
    pub people_available: bool,
    /// Title of the conversation's last automation, if that is active and within its hours.
    pub automation: Option<String>,
    /// Whose queue takes what the automation hands over, unless it names a team itself; none is everybody's.
    pub handoff_team: Option<TeamId>,
    /// What automations have said and passed on since the visitor's newest message, once one has passed it on.
    pub streak: usize,
}

/// Whom a conversation is passed to; already checked to exist and to be able to take it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A person.
    Agent(AgentRef),
    /// A team's queue; none is everybody's.
    Team(Option<TeamId>),
    /// An automation: name and title.
    Automation {
        /// Its name.
        name: String,
        /// Its title.
        title: String,
    },
}

/// The commands. Those with a `fence` are refused when the conversation has moved on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields of a command are named by what they carry")]
pub enum Command {
    /// The visitor begins.
    Start { visitor: Author, to: Target, facts: Facts },
    /// The visitor writes.
    VisitorMessage { visitor: Author, text: Text, client: Option<Client>, facts: Facts },
    /// An agent answers.
    AgentMessage { agent: AgentRef, text: Text, client: Option<Client> },
    /// An agent writes a private note.
    Note { agent: AgentRef, text: Text, client: Option<Client> },
    /// The visitor asks for a person, or an automation failed, or is gone.
    Handoff { by: Author, team: Option<TeamId>, reason: Option<String>, facts: Facts },
    /// An agent takes it from the queue or an automation.
    Claim { agent: AgentRef, fence: i64 },
    /// The router gives it to an agent.
    Assign { agent: AgentRef, fence: i64, answer_by: Millis },
    /// The agent who has it passes it on.
    Transfer { agent: AgentRef, fence: i64, to: Target, note: Option<Text> },
    /// It goes back to the queue: the agent left, or did not answer in time.
    Requeue { fence: Option<i64>, reason: &'static str },
    /// The agent who has it ends it.
    AgentResolve { agent: AgentRef, fence: i64 },
    /// The visitor ends it.
    VisitorResolve { visitor: Author },
    /// An agent takes up a resolved or snoozed one again.
    Reopen { agent: AgentRef, fence: i64 },
    /// The agent who has it puts it aside.
    Snooze { agent: AgentRef, fence: i64, until: Millis },
    /// The snooze is over.
    Wake,
    /// An automation replied to the turn whose newest message is `turn` and whose oldest is `first` (not known from an
    /// earlier version's router). If another reply has answered that one meanwhile, this one would answer it again.
    Reply {
        automation: String,
        title: String,
        fence: i64,
        first: Option<i64>,
        turn: i64,
        reply: Reply,
        facts: Facts,
    },
    /// An automation speaks first, before the visitor has written anything. It answers nothing, so it is no turn.
    Greet { automation: String, title: String, messages: Vec<(Text, Vec<Choice>)>, tags: Vec<String> },
    /// An attempt at that turn failed, `attempts` in all; try again at `retry_at` if any are left.
    TurnFailed { automation: String, fence: i64, turn: i64, attempts: i64, retry_at: Millis, facts: Facts },
    /// An agent labels it, and takes labels away.
    Tag { agent: AgentRef, add: Vec<String>, remove: Vec<String> },
    /// An agent says how urgent it is.
    Prioritise { agent: AgentRef, priority: Priority },
    /// A rule does something.
    ByRule(super::by_rule::Doing),
    /// Its team is gone: it is everybody's now, or that of the team that helped out.
    Regroup { team: Option<TeamId> },
    /// The visitor rates it.
    Rate { visitor: Author, score: i64, comment: Option<String> },
}
