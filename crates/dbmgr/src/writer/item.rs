//! One append on its way: checked, and with the place where its answer goes.

use super::Answer;
use switchboard_domain::conversation::AgentRef;
use switchboard_domain::entry::Client;
use switchboard_domain::message::body_hash;
use switchboard_domain::{Author, ClientMsgId, ConversationId, Text, TokenHash};
use switchboard_storage::entry::ClientKey;
use switchboard_wire::call::append::{Append, AppendKind};
use switchboard_wire::{Credential, Failure, Problem};
use tokio::sync::oneshot;
use tokio::time::Instant;

/// Whose token it carries.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum By {
    Staff(TokenHash),
    Visitor(TokenHash),
}

/// A message or note that is acceptable in itself.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) by: By,
    pub(super) conversation: ConversationId,
    pub(super) kind: AppendKind,
    pub(super) text: Text,
    pub(super) want_entry: bool,
    pub(super) arrived: Instant,
    client: ClientMsgId,
    pub(super) body_hash: String,
    done: oneshot::Sender<Answer>,
}

impl Item {
    /// Reads an append.
    ///
    /// # Errors
    /// When it is not acceptable, whoever wrote it.
    pub(super) fn read(append: Append, done: oneshot::Sender<Answer>) -> Result<Self, Failure> {
        let by = match (append.by, append.kind) {
            (Credential::Staff(token), _) => By::Staff(token),
            (Credential::Visitor(token), AppendKind::Message) => By::Visitor(token),
            (Credential::Visitor(_), AppendKind::Note) => {
                return Err(Failure::new(Problem::Forbidden, "notes are for staff"));
            }
            (Credential::Nobody | Credential::Component, _) => return Err(Failure::unauthenticated()),
        };
        let conversation = append.conversation.parse().map_err(|_| Failure::not_found("conversation"))?;
        let client = ClientMsgId::try_from(append.client_msg_id)
            .map_err(|reason| Failure::invalid("client_msg_id", &reason))?;
        let text = Text::try_from(append.text).map_err(|reason| Failure::invalid("body.text", &reason))?;
        let kind = match append.kind {
            AppendKind::Message => "message",
            AppendKind::Note => "note",
        };
        let body_hash = body_hash(kind, text.as_str());
        let arrived = Instant::now();
        let want_entry = append.want_entry;
        Ok(Self { by, conversation, kind: append.kind, text, want_entry, arrived, client, body_hash, done })
    }

    /// Under which it is stored for ever, when `author` sends it.
    pub(super) fn key(&self, author: &Author) -> ClientKey {
        ClientKey {
            conversation: self.conversation.clone(),
            sender: author.sender(),
            id: self.client.clone(),
        }
    }

    /// What makes a repeat of it one.
    pub(super) fn client(&self, author: &Author) -> Client {
        Client { sender: author.sender(), id: self.client.clone(), body_hash: self.body_hash.clone() }
    }

    /// Answers whoever waits; they may have left.
    pub(super) fn answer(self, answer: Answer) {
        let _ = self.done.send(answer);
    }
}

/// Who writes, once the gate has let them in.
#[derive(Debug, Clone)]
pub(super) enum Who {
    Agent(AgentRef),
    Visitor(Author),
}
