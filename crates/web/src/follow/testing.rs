//! What the tests of this folder build on.

use crate::socket::reader::{Reader, Who};
use crate::staffing::session::Session;
use std::sync::Arc;
use switchboard_domain::conversation::Conversation;
use switchboard_domain::{ConversationId, TokenHash};
use switchboard_wire::Credential;
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::view::State;
use tokio::time::Instant;

pub(super) fn conversation() -> ConversationId {
    "c1".parse().unwrap()
}

pub(super) fn entry(seq: i64, public: bool) -> EntryNotice {
    EntryNotice {
        conversation: conversation(),
        seq,
        public,
        public_before: 0,
        id: format!("e{seq}"),
        frame: seq.to_string().into(),
    }
}

/// A state of the conversation of visitor `v1`, in the queue, with its head there.
pub(super) fn state(head: i64) -> State {
    let mut state = State::of(&Conversation::new(conversation(), "v1".parse().unwrap(), "Vera".into(), 0));
    state.conversation.head = head;
    state.conversation.head_id = Some(format!("e{head}"));
    state.public_head = head;
    state.public_head_id = Some(format!("e{head}"));
    state.conversation.owner.kind = "queue".into();
    state
}

pub(super) fn visitor(id: u64) -> Arc<Reader> {
    let by = Credential::Visitor(TokenHash::of("v"));
    Reader::new(id, Who::Visitor { id: "v1".into(), name: "Vera".into(), by })
}

pub(super) fn agent(id: u64, account: &str, teams: &[&str]) -> Arc<Reader> {
    let teams = teams.iter().map(ToString::to_string).collect();
    let token = TokenHash::of(account);
    let session = Session::new(token, account.into(), account.into(), teams, Instant::now());
    Reader::new(id, Who::Agent(Arc::new(session)))
}

/// What waits for a reader, as text.
pub(super) fn got(reader: &Reader) -> Vec<String> {
    reader.outbox.take(true).frames.iter().map(ToString::to_string).collect()
}
