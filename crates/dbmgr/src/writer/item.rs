//! One append on its way: checked, and with the place where its answer goes.

use super::Answer;
use std::collections::BTreeSet;
use switchboard_domain::conversation::AgentRef;
use switchboard_domain::entry::Client;
use switchboard_domain::file::{self, Attached};
use switchboard_domain::message::body_hash;
use switchboard_domain::{Author, ClientMsgId, ConversationId, FileId, Text, TokenHash};
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

/// What an item says.
#[derive(Debug)]
pub(super) enum Words {
    /// This.
    Text(Text),
    /// Nothing but its files, which are there to be named.
    Files,
}

/// A message or note that is acceptable in itself.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) by: By,
    pub(super) conversation: ConversationId,
    pub(super) kind: AppendKind,
    text: Words,
    /// Files that it names, in the order in which they are shown.
    pub(super) files: Vec<FileId>,
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
        let files = files(&append.files)?;
        let kind = match append.kind {
            AppendKind::Message => "message",
            AppendKind::Note => "note",
        };
        let (text, body_hash) = if files.is_empty() {
            let text = text(append.text)?;
            let hash = body_hash(kind, text.as_str());
            (Words::Text(text), hash)
        } else {
            let hash = file::body_hash(kind, append.text.trim(), &files);
            let silent = append.text.trim().is_empty();
            (if silent { Words::Files } else { Words::Text(text(append.text)?) }, hash)
        };
        let arrived = Instant::now();
        let want_entry = append.want_entry;
        Ok(Self {
            by,
            conversation,
            kind: append.kind,
            text,
            files,
            want_entry,
            arrived,
            client,
            body_hash,
            done,
        })
    }

    /// What it says, in words: when it has none, the names of its files, for whoever shows no files.
    pub(super) fn words(&self, files: &[Attached]) -> Result<Text, Failure> {
        match &self.text {
            Words::Text(text) => Ok(text.clone()),
            Words::Files => text(file::instead_of_words(files)),
        }
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

fn text(text: String) -> Result<Text, Failure> {
    Text::try_from(text).map_err(|reason| Failure::invalid("body.text", &reason))
}

/// The files that an item names, each once. How many there may be is asked where they are looked for.
fn files(ids: &[String]) -> Result<Vec<FileId>, Failure> {
    let read = |id: &String| id.parse().map_err(|_| unknown_file());
    let ids: Vec<FileId> = ids.iter().map(read).collect::<Result<_, _>>()?;
    let distinct: BTreeSet<&FileId> = ids.iter().collect();
    if distinct.len() < ids.len() {
        return Err(Failure::invalid("body.files", "name each file once"));
    }
    Ok(ids)
}

/// A file that cannot be sent, for whatever reason.
pub(super) fn unknown_file() -> Failure {
    let reason = "name files that you have uploaded into this conversation and not sent yet; upload it again";
    Failure::invalid("body.files", reason)
}

/// Who writes, once the gate has let them in.
#[derive(Debug, Clone)]
pub(super) enum Who {
    Agent(AgentRef),
    Visitor(Author),
}
