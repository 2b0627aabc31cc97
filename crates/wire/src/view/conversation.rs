//! The state of a conversation, as components pass it on and as each reader may see it.

use super::Visitor;
use serde::{Deserialize, Serialize};
use switchboard_domain::{Conversation as Domain, Owner as DomainOwner, Priority, Status, clock::rfc3339};
use utoipa::ToSchema;

/// Who reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The visitor, who sees no notes.
    Visitor,
    /// Staff.
    Staff,
}

/// Who has a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Owner {
    /// `automation`, `queue`, `agent` or `none`.
    pub kind: String,
    /// The automation's name or the account's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The automation's title or the agent's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

impl From<&DomainOwner> for Owner {
    fn from(owner: &DomainOwner) -> Self {
        Self { kind: owner.kind().into(), id: owner.id().map(Into::into), name: owner.name().map(Into::into) }
    }
}

/// The place in the queue: exact to 20, then 21 means "more than 20".
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct QueuePlace {
    /// 1 is next.
    pub position: i64,
    /// Seconds until a person is likely there; absent without a basis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimate_s: Option<i64>,
}

/// A conversation. Resolved means owner `none`; snoozed keeps its owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conversation {
    /// The id.
    pub id: String,
    /// `open`, `snoozed` or `resolved`.
    #[schema(value_type = String)]
    pub status: Status,
    /// Who has it.
    pub owner: Owner,
    /// Raised by every change of owner.
    pub fence: i64,
    /// The last `seq` that this reader may see; 0 before the first.
    pub head: i64,
    /// That entry's id.
    pub head_id: Option<String>,
    /// Whose it is.
    pub visitor: Visitor,
    /// The team's id, when it is or was a team's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// Labels.
    pub tags: Vec<String>,
    /// `low`, `normal`, `high` or `urgent`; for staff.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub priority: Option<String>,
    /// The place in the queue, while it waits there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueuePlace>,
    /// How the visitor reaches us; an open set.
    pub channel: String,
    /// When the snooze ends.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snoozed_until: Option<String>,
    /// For the visitor, who has written nothing yet: the last `seq` of what it was greeted with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opening: Option<i64>,
    /// When it began.
    pub created_at: String,
    /// When its last entry was written.
    pub updated_at: String,
}

/// A conversation as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Summary {
    /// The conversation.
    #[serde(flatten)]
    pub conversation: Conversation,
    /// The last message, shortened.
    pub preview: String,
    /// The visitor's messages that staff have not read.
    pub unread: i64,
    /// Since when the visitor waits for an answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waiting_since: Option<String>,
}

/// All that an edge needs to show a conversation to anybody: what components pass on after a commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// What staff see, without the place in the queue.
    pub conversation: Conversation,
    /// The last `seq` that the visitor sees.
    pub public_head: i64,
    /// That entry's id.
    pub public_head_id: Option<String>,
    /// The last message, shortened.
    pub preview: String,
    /// How many messages the visitor has written.
    pub inbound: i64,
    /// Since when the visitor waits for an answer.
    pub waiting_since: Option<String>,
    /// When the router must look at it (milliseconds since 1970).
    pub due_at: Option<i64>,
}

impl State {
    /// The state of a conversation.
    pub fn of(c: &Domain) -> Self {
        let conversation = Conversation {
            id: c.id.to_string(),
            status: c.status,
            owner: Owner::from(&c.owner),
            fence: c.fence,
            head: c.head,
            head_id: c.head_id.as_ref().map(ToString::to_string),
            visitor: Visitor {
                id: c.visitor.to_string(),
                name: (!c.visitor_name.is_empty()).then(|| c.visitor_name.clone()),
                email: c.visitor_email.clone(),
                ..Visitor::default()
            },
            team: c.team.as_ref().map(ToString::to_string),
            tags: c.tags.clone(),
            priority: Some(Priority::of(c.priority).as_str().into()),
            queue: None,
            channel: c.channel.clone(),
            snoozed_until: c.snoozed_until.map(rfc3339),
            opening: None,
            created_at: rfc3339(c.created_at),
            updated_at: rfc3339(c.updated_at),
        };
        Self {
            conversation,
            public_head: c.public_head,
            public_head_id: c.public_head_id.as_ref().map(ToString::to_string),
            preview: c.preview.clone(),
            inbound: c.inbound,
            waiting_since: c.waiting_since.map(rfc3339),
            due_at: c.due_at,
        }
    }

    /// The conversation as this reader may see it.
    pub fn shown_to(&self, audience: Audience) -> Conversation {
        let mut shown = self.conversation.clone();
        if audience == Audience::Visitor {
            shown.head = self.public_head;
            shown.head_id.clone_from(&self.public_head_id);
            shown.opening = (self.inbound == 0).then_some(self.public_head);
            shown.tags.clear();
            shown.priority = None;
        }
        shown
    }

    /// The last `seq` that this reader may see.
    pub fn head_for(&self, audience: Audience) -> i64 {
        match audience {
            Audience::Visitor => self.public_head,
            Audience::Staff => self.conversation.head,
        }
    }
}
