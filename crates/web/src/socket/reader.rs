//! Whoever reads on a socket: the end that everybody else on the node knows.

use super::channel::Frame;
use super::outbox::{Outbox, Weight};
use crate::limits::{LOOKING_EVERY, PREVIEW_EVERY, RESUMES, TYPING_EVERY};
use crate::staffing::session::Session;
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use switchboard_domain::ConversationId;
use switchboard_faults::{self as faults, Mutant};
use switchboard_wire::Credential;
use switchboard_wire::view::{Audience, Author, Conversation, FollowState};
use tokio::time::Instant;

/// Who it is.
#[derive(Debug)]
pub(crate) enum Who {
    /// A visitor.
    Visitor {
        /// The id.
        id: String,
        /// The name that others see.
        name: String,
        /// The token's hash.
        by: Credential,
    },
    /// An agent, with what the lease says.
    Agent(Arc<Session>),
}

/// Why a conversation is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// It is the reader's own.
    Own,
    /// The reader asked for it.
    Asked,
}

/// A replay that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// By the reader, who must be allowed to.
    Resume(FollowState),
    /// By us, after this place, of a conversation that is known to be the reader's.
    After(ConversationId, i64),
}

/// What others are told of somebody now and then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Hint {
    Typing,
    /// With the words.
    Preview,
    Looking,
}

impl Hint {
    fn every(self) -> Duration {
        match self {
            Self::Typing => TYPING_EVERY,
            Self::Preview => PREVIEW_EVERY,
            Self::Looking => LOOKING_EVERY,
        }
    }
}

/// One socket's reader.
#[derive(Debug)]
pub(crate) struct Reader {
    /// Unique on this node.
    pub(crate) id: u64,
    pub(crate) who: Who,
    pub(crate) outbox: Outbox,
    heard_s: AtomicU64,
    followed: Mutex<HashMap<ConversationId, Why>>,
    /// Own ones that it wants nothing of, with the fence up to which that holds.
    left: Mutex<HashMap<ConversationId, i64>>,
    replays: Mutex<Replays>,
    hinted: Mutex<HashMap<(Hint, ConversationId), Instant>>,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Replays {
    waiting: VecDeque<Wanted>,
    running: bool,
}

#[derive(Debug, Default)]
struct Seen {
    marks: HashMap<ConversationId, i64>,
    telling: bool,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Reader {
    pub(crate) fn new(id: u64, who: Who) -> Arc<Self> {
        Arc::new(Self {
            id,
            who,
            outbox: Outbox::default(),
            heard_s: AtomicU64::new(u64::MAX),
            followed: Mutex::default(),
            left: Mutex::default(),
            replays: Mutex::default(),
            hinted: Mutex::default(),
            seen: Mutex::default(),
        })
    }

    pub(crate) fn push(&self, weight: Weight, frame: &Frame) {
        self.outbox.push(weight, frame.clone());
    }

    /// What it may see.
    pub(crate) fn audience(&self) -> Audience {
        match self.who {
            Who::Visitor { .. } => Audience::Visitor,
            Who::Agent(_) => Audience::Staff,
        }
    }

    /// Who it is, to a dbmgr.
    pub(crate) fn credential(&self) -> Credential {
        match &self.who {
            Who::Visitor { by, .. } => by.clone(),
            Who::Agent(session) => Credential::Staff(session.token.clone()),
        }
    }

    /// Who it is, to others.
    pub(crate) fn author(&self) -> Author {
        match &self.who {
            Who::Visitor { id, name, .. } => {
                Author { kind: "visitor".into(), id: Some(id.clone()), name: name.clone() }
            }
            Who::Agent(session) => {
                Author { kind: "agent".into(), id: Some(session.account.clone()), name: session.name.clone() }
            }
        }
    }

    /// Whether the conversation, in the form in which staff see it, is this reader's own.
    pub(crate) fn owns(&self, conversation: &Conversation) -> bool {
        match &self.who {
            Who::Visitor { id, .. } => conversation.visitor.id == *id,
            Who::Agent(session) => {
                conversation.owner.kind == "agent"
                    && conversation.owner.id.as_deref() == Some(&session.account)
            }
        }
    }

    /// Whether this reader may see it at all.
    pub(crate) fn sees(&self, conversation: &Conversation) -> bool {
        match &self.who {
            Who::Visitor { .. } => self.owns(conversation),
            Who::Agent(session) => self.owns(conversation) || session.is_in(conversation.team.as_deref()),
        }
    }

    /// Whether it may be shown anything now: of staff only those whose session somebody vouches for.
    pub(crate) fn is_vouched_for(&self, now: Instant) -> bool {
        match &self.who {
            Who::Visitor { .. } => true,
            Who::Agent(session) => session.is_good(now) || faults::broken(Mutant::LeaseIgnored),
        }
    }

    /// Something came from it.
    pub(crate) fn heard(&self, now_s: u64) {
        self.heard_s.store(now_s, Ordering::Relaxed);
    }

    /// For how many seconds nothing came from it.
    pub(crate) fn silent_s(&self, now_s: u64) -> u64 {
        now_s.saturating_sub(self.heard_s.load(Ordering::Relaxed))
    }

    /// What it follows, and why.
    pub(crate) fn followed(&self) -> MutexGuard<'_, HashMap<ConversationId, Why>> {
        lock(&self.followed)
    }

    pub(crate) fn follows(&self, conversation: &ConversationId) -> bool {
        self.followed().contains_key(conversation)
    }

    /// It wants nothing more of this own conversation, until it resumes it or it becomes its own anew.
    pub(crate) fn leaves(&self, conversation: &ConversationId, fence: i64) {
        let until = match self.who {
            // A visitor's conversation is always its own.
            Who::Visitor { .. } => i64::MAX,
            Who::Agent(_) => fence,
        };
        lock(&self.left).insert(conversation.clone(), until);
    }

    /// It wants to hear of it again.
    pub(crate) fn returns(&self, conversation: &ConversationId) {
        lock(&self.left).remove(conversation);
    }

    /// Whether it has left the conversation, which has this fence now.
    pub(crate) fn has_left(&self, conversation: &ConversationId, fence: i64) -> bool {
        lock(&self.left).get(conversation).is_some_and(|until| fence <= *until)
    }

    /// Queues a replay. `Some(true)`: nobody works on them yet; `None`: too many wait.
    pub(crate) fn want(&self, wanted: Wanted) -> Option<bool> {
        let mut replays = lock(&self.replays);
        if replays.waiting.len() >= RESUMES {
            return None;
        }
        replays.waiting.push_back(wanted);
        Some(!std::mem::replace(&mut replays.running, true))
    }

    /// A conversation has been left: what was asked about it before and still waits is not wanted any more.
    pub(crate) fn wants_no_more(&self, conversation: &ConversationId) {
        let unwanted = |wanted: &Wanted| match wanted {
            Wanted::Resume(place) => place.conversation == conversation.as_str(),
            Wanted::After(id, _) => id == conversation,
        };
        lock(&self.replays).waiting.retain(|wanted| !unwanted(wanted));
    }

    /// The next replay; `None` ends the work.
    pub(crate) fn next_wanted(&self) -> Option<Wanted> {
        let mut replays = lock(&self.replays);
        let next = replays.waiting.pop_front();
        replays.running = next.is_some();
        next
    }

    /// Whether it is time to tell others this again.
    pub(crate) fn may_hint(&self, hint: Hint, conversation: &ConversationId, now: Instant) -> bool {
        let mut hinted = lock(&self.hinted);
        hinted.retain(|(hint, _), at| now.saturating_duration_since(*at) < hint.every());
        let key = (hint, conversation.clone());
        if hinted.contains_key(&key) {
            return false;
        }
        hinted.insert(key, now);
        true
    }

    /// Notes a read position; `true` when nobody is about to tell it.
    pub(crate) fn saw(&self, conversation: ConversationId, seq: i64) -> bool {
        let mut seen = lock(&self.seen);
        let mark = seen.marks.entry(conversation).or_insert(seq);
        *mark = seq.max(*mark);
        !std::mem::replace(&mut seen.telling, true)
    }

    /// The read positions to tell now; none ends the telling.
    pub(crate) fn take_seen(&self) -> Vec<(ConversationId, i64)> {
        let mut seen = lock(&self.seen);
        let marks: Vec<_> = std::mem::take(&mut seen.marks).into_iter().collect();
        seen.telling = !marks.is_empty();
        marks
    }
}
