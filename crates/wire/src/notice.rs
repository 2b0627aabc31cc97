//! Notices: what a dbmgr tells everybody after a commit, and hints between edges and router. They cost only
//! latency when they are lost: entries and states are counted per shard, and a beat every second says how far
//! the counters are, so that an edge knows when to look into the database.

use crate::call::edge::CutOff;
use crate::subject;
use crate::view::{Author, Line, Mention, State, SystemNode};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use switchboard_domain::id::MAX_ID_CHARS;
use switchboard_domain::{ConversationId, TokenHash};

/// Header: the incarnation of the dbmgr that tells.
pub const INCARNATION: &str = "Sb-I";
/// Header: how many counted notices it has told in this shard, this one included.
pub const COUNT: &str = "Sb-N";
const CONVERSATION: &str = "Sb-C";
const SEQ: &str = "Sb-S";
const PUBLIC: &str = "Sb-A";
const PUBLIC_BEFORE: &str = "Sb-P";
const ID: &str = "Sb-E";

/// What is told.
#[derive(Debug, Clone)]
pub enum Notice {
    /// A new entry.
    Entry(EntryNotice),
    /// The state of a conversation after a commit.
    State(Box<StateNotice>),
    /// Sessions have ended.
    Ended(Ended),
    /// An agent's presence has changed.
    Presence(PresenceNotice),
    /// Somebody is typing.
    Typing(Typing),
    /// An agent is looking.
    Looking(Looking),
    /// A private note calls somebody.
    Mentioned(Mentioned),
    /// Somebody has read.
    Read(Read),
    /// Places in the queue.
    Queue(Queue),
    /// A dbmgr is alive.
    Beat(Beat),
    /// Agents with an open console on a node.
    Here(Here),
    /// Visitors may be here no more.
    CutOff(CutOff),
    /// Logs are not what they were.
    Erased(Erased),
    /// Web hooks are not what they were.
    Hooks(HooksChanged),
    /// Rules are not what they were.
    Rules(RulesChanged),
    /// Something waits for servers outside.
    Deliveries(DeliveriesQueued),
    /// Which nodes are there?
    Roll(Roll),
}

/// A new entry: the socket's frame, encoded once.
#[derive(Debug, Clone)]
pub struct EntryNotice {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Its place.
    pub seq: i64,
    /// Whether the visitor sees it.
    pub public: bool,
    /// The place of the entry before it that the visitor sees.
    pub public_before: i64,
    /// Its id.
    pub id: String,
    /// `{"type":"entry","entry":{…}}`.
    pub frame: Arc<str>,
}

impl EntryNotice {
    /// The notice of a line.
    pub fn of(conversation: ConversationId, line: &Line) -> Self {
        Self {
            conversation,
            seq: line.seq,
            public: line.public,
            public_before: line.public_before,
            id: line.id.clone(),
            frame: format!(r#"{{"type":"entry","entry":{}}}"#, line.entry.get()).into(),
        }
    }
}

/// The state of a conversation after a commit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct StateNotice {
    /// The state.
    pub state: State,
    /// Whether owner, status or fence changed.
    pub changed: bool,
}

/// Why sessions have ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndReason {
    /// Their owner signed out.
    SignedOut,
    /// Deactivated, deleted, revoked, or the password was changed.
    Revoked,
}

/// Sessions have ended; the lease would find out too, later.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Ended {
    /// By the hashes of their secrets.
    pub sessions: Vec<TokenHash>,
    /// Why.
    pub reason: EndReason,
}

/// An agent's presence has changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PresenceNotice {
    /// The account's id.
    pub agent: String,
    /// `online`, `away` or `offline`.
    pub status: String,
}

/// Somebody is typing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Typing {
    /// In which conversation.
    pub conversation: ConversationId,
    /// Who.
    pub author: Author,
    /// What a visitor has typed so far, for agents only; or what an automation is going to say, as far as it has got.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A private note calls an agent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mentioned {
    /// The account's id.
    pub agent: String,
    /// As it is shown.
    pub mention: Mention,
}

/// An agent has a conversation before their eyes.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Looking {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Who.
    pub author: Author,
}

/// Somebody has read up to a place.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Read {
    /// Of which conversation.
    pub conversation: ConversationId,
    /// `visitor` or `agent`.
    pub by: String,
    /// The last place seen.
    pub seq: i64,
}

/// Places in the queue, of the conversations whose place has changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Queue {
    /// Conversation, place (21 means more than 20), seconds where there is a basis.
    pub places: Vec<(ConversationId, i64, Option<i64>)>,
}

/// A dbmgr is alive, every second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beat {
    /// Random at every start.
    pub incarnation: String,
    /// Notices told per shard so far.
    pub counts: Vec<u64>,
    /// Of the database.
    pub epoch: String,
}

/// Agents with an open console on a node: on every change, and every ten seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    /// Random at every start of the node.
    pub node: String,
    /// The accounts' ids.
    pub agents: Vec<String>,
}

/// Logs in which texts were erased: who has any of it loads it again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erased {
    /// Of which conversations.
    pub conversations: Vec<ConversationId>,
}

/// Web hooks are not what they were: whoever serves them asks which there are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct HooksChanged {}

/// Something waits for servers outside that no log says: whoever tells them looks for it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeliveriesQueued {}

/// Rules are not what they were: whoever keeps them reads them again.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RulesChanged {}

/// Nodes are asked who they are, and say so: each answer is a notice of the same kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Roll {
    /// Random for every question.
    pub ask: String,
    /// Who answers; absent in the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<SystemNode>,
}

/// A notice in the form of the bus: subject, headers, payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Where it goes.
    pub subject: String,
    /// The shard, if it is counted.
    pub shard: Option<u32>,
    /// Small facts beside the payload.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub payload: Vec<u8>,
}

/// What came is no notice of this version; it is ignored and counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a notice: {0}")]
pub struct BadNotice(String);

impl Notice {
    /// Its form on the bus.
    pub fn encode(&self) -> Envelope {
        match self {
            Self::Entry(entry) => Envelope {
                subject: subject::notice("entry", Some(subject::shard(&entry.conversation))),
                shard: Some(subject::shard(&entry.conversation)),
                headers: vec![
                    (CONVERSATION, entry.conversation.to_string()),
                    (SEQ, entry.seq.to_string()),
                    (PUBLIC, if entry.public { "1" } else { "0" }.into()),
                    (PUBLIC_BEFORE, entry.public_before.to_string()),
                    (ID, entry.id.clone()),
                ],
                payload: entry.frame.as_bytes().to_vec(),
            },
            Self::State(state) => {
                let shard = subject::hash(&state.state.conversation.id) % subject::SHARDS;
                json("state", Some(shard), state.as_ref())
            }
            Self::Ended(n) => json("ended", None, n),
            Self::Presence(n) => json("presence", None, n),
            Self::Typing(n) => json("typing", None, n),
            Self::Looking(n) => json("looking", None, n),
            Self::Mentioned(n) => json("mentioned", None, n),
            Self::Read(n) => json("read", None, n),
            Self::Queue(n) => json("queue", None, n),
            Self::Beat(n) => json("beat", None, n),
            Self::Here(n) => json("here", None, n),
            Self::CutOff(n) => json("cut_off", None, n),
            Self::Erased(n) => json("erased", None, n),
            Self::Hooks(n) => json("hooks", None, n),
            Self::Rules(n) => json("rules", None, n),
            Self::Deliveries(n) => json("deliveries", None, n),
            Self::Roll(n) => json("roll", None, n),
        }
    }

    /// Reads a notice as it came: subject, a look-up of headers, payload.
    ///
    /// # Errors
    /// [`BadNotice`] with what is wrong.
    pub fn decode<'a>(
        subject: &str,
        header: impl Fn(&str) -> Option<&'a str>,
        payload: &[u8],
    ) -> Result<Self, BadNotice> {
        let bad = |what: &str| BadNotice(format!("{subject}: {what}"));
        let kind = subject.strip_prefix(subject::PREFIX).and_then(|s| s.strip_prefix(".evt."));
        let kind = kind.and_then(|s| s.split('.').next()).ok_or_else(|| bad("foreign subject"))?;
        let read = |e: serde_json::Error| BadNotice(format!("{subject}: {e}"));
        Ok(match kind {
            "entry" => {
                let get = |name: &str| header(name).ok_or_else(|| bad(name));
                let number = |name: &str| get(name)?.parse().map_err(|_| bad(name));
                Self::Entry(EntryNotice {
                    conversation: get(CONVERSATION)?.parse().map_err(|_| bad(CONVERSATION))?,
                    seq: number(SEQ)?,
                    public: get(PUBLIC)? == "1",
                    public_before: number(PUBLIC_BEFORE)?,
                    id: get(ID)?.to_owned(),
                    frame: std::str::from_utf8(payload).map_err(|_| bad("not UTF-8"))?.into(),
                })
            }
            "state" => Self::State(serde_json::from_slice(payload).map_err(read)?),
            "ended" => Self::Ended(serde_json::from_slice(payload).map_err(read)?),
            "presence" => Self::Presence(serde_json::from_slice(payload).map_err(read)?),
            "typing" => Self::Typing(serde_json::from_slice(payload).map_err(read)?),
            "looking" => Self::Looking(serde_json::from_slice(payload).map_err(read)?),
            "mentioned" => Self::Mentioned(serde_json::from_slice(payload).map_err(read)?),
            "read" => Self::Read(serde_json::from_slice(payload).map_err(read)?),
            "queue" => Self::Queue(serde_json::from_slice(payload).map_err(read)?),
            "beat" => Self::Beat(serde_json::from_slice(payload).map_err(read)?),
            "here" => Self::Here(serde_json::from_slice(payload).map_err(read)?),
            "cut_off" => Self::CutOff(serde_json::from_slice(payload).map_err(read)?),
            "erased" => Self::Erased(serde_json::from_slice(payload).map_err(read)?),
            "hooks" => Self::Hooks(serde_json::from_slice(payload).map_err(read)?),
            "rules" => Self::Rules(serde_json::from_slice(payload).map_err(read)?),
            "deliveries" => Self::Deliveries(serde_json::from_slice(payload).map_err(read)?),
            "roll" => Self::Roll(serde_json::from_slice(payload).map_err(read)?),
            _ => return Err(bad("unknown kind")),
        })
    }
}

/// Of which conversation a state is told, without reading more of it; none when it is spelt in another way.
pub fn state_of(payload: &[u8]) -> Option<&str> {
    let rest = payload.strip_prefix(br#"{"state":{"conversation":{"id":""#)?;
    let end = rest.iter().take(MAX_ID_CHARS + 1).position(|b| *b == b'"')?;
    std::str::from_utf8(rest.get(..end)?).ok()
}

fn json(kind: &str, shard: Option<u32>, value: &impl Serialize) -> Envelope {
    Envelope {
        subject: subject::notice(kind, shard),
        shard,
        headers: vec![],
        payload: serde_json::to_vec(value).unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_notice_survives_the_way() {
        let notice = EntryNotice {
            conversation: "c1".parse().unwrap(),
            seq: 7,
            public: false,
            public_before: 5,
            id: "e7".into(),
            frame: r#"{"type":"entry","entry":{}}"#.into(),
        };
        let envelope = Notice::Entry(notice).encode();
        let header = |name: &str| envelope.headers.iter().find(|h| h.0 == name).map(|h| h.1.as_str());
        let Ok(Notice::Entry(back)) = Notice::decode(&envelope.subject, header, &envelope.payload) else {
            panic!("not an entry")
        };
        assert_eq!((back.seq, back.public, back.public_before, back.id.as_str()), (7, false, 5, "e7"));
        assert!(Notice::decode("elsewhere.evt.entry.1", header, b"{}").is_err());
    }

    #[test]
    fn whose_state_it_is_is_seen_at_once() {
        let (id, visitor) = ("c-1".parse().unwrap(), "v1".parse().unwrap());
        let c = switchboard_domain::Conversation::new(id, visitor, "Ada".into(), 0);
        let notice = Notice::State(Box::new(StateNotice { state: State::of(&c), changed: false }));
        assert_eq!(state_of(&notice.encode().payload), Some("c-1"));
        assert_eq!(state_of(br#"{"state":{"conversation":{"id":"no end"#), None);
        assert_eq!(state_of(b"{}"), None);
    }
}
