//! All that the items of a batch need, loaded and locked, and what becomes of each of them there.

use super::broken;
use super::entrance::{Entrant, admitted};
use super::files::Files;
use super::item::{Item, Who};
use crate::act::{self, Act};
use crate::shared::Shared;
use std::collections::{BTreeSet, HashMap, HashSet};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::conversation::{Command, Facts};
use switchboard_domain::{AccountId, Author, ConversationId, Entry, EntryId, Millis, Status, TeamId};
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::entry::ClientKey;
use switchboard_storage::{Error, Tx, conversation, entry, team};
use switchboard_wire::call::append::{AppendKind, Appended};
use switchboard_wire::notice::{EntryNotice, Notice, StateNotice};
use switchboard_wire::view::{Line, State};
use switchboard_wire::{Failure, Problem};

/// What became of an item.
pub(super) enum Judged {
    /// Another transaction has it.
    Held,
    Refused(Failure),
    Stored(Place),
    Repeated(Place, Option<Box<serde_json::value::RawValue>>),
}

/// Where an entry is.
#[derive(Clone)]
pub(super) struct Place {
    seq: i64,
    pub(super) id: EntryId,
    at: Millis,
}

impl Place {
    fn of(entry: &Entry) -> Self {
        Self { seq: entry.seq, id: entry.id.clone(), at: entry.at }
    }

    pub(super) fn appended(
        self,
        repeated: bool,
        entry: Option<Box<serde_json::value::RawValue>>,
    ) -> Appended {
        Appended { seq: self.seq, id: self.id.into(), at: rfc3339(self.at), repeated, entry }
    }
}

/// What is stored under a client's id, by an earlier batch or by an earlier item of this one.
struct Stored {
    place: Place,
    body_hash: String,
    /// The entry, when it is an earlier batch's.
    entry: Option<Entry>,
}

/// All that the items of a batch need, loaded and locked.
pub(super) struct Room {
    acts: HashMap<ConversationId, Act>,
    /// Conversations that another transaction has locked.
    held: HashSet<ConversationId>,
    stored: HashMap<ClientKey, Stored>,
    teams: HashMap<AccountId, Vec<TeamId>>,
    facts: HashMap<ConversationId, Facts>,
    files: Files,
}

impl Room {
    /// Loads and locks what there is to lock without waiting.
    pub(super) async fn load(
        tx: &mut Tx,
        items: &[Item],
        entrants: &[Entrant],
        now: Millis,
    ) -> Result<Self, Error> {
        let good = || admitted(items, entrants);
        let ids: BTreeSet<ConversationId> = good().map(|(_, item, _)| item.conversation.clone()).collect();
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let mut room = Self {
            acts: HashMap::with_capacity(ids.len()),
            held: HashSet::new(),
            stored: HashMap::new(),
            teams: HashMap::new(),
            facts: HashMap::new(),
            files: Files::default(),
        };
        if ids.is_empty() {
            return Ok(room);
        }
        for c in conversation::try_lock_many(tx, &ids).await? {
            room.acts.insert(c.id.clone(), Act::of(c));
        }
        let missing: Vec<ConversationId> = ids.into_iter().filter(|id| !room.acts.contains_key(id)).collect();
        if !missing.is_empty() {
            let locked = conversation::get_many(tx, &missing).await?;
            room.held.extend(locked.into_iter().map(|c| c.id));
        }
        let strangers: BTreeSet<AccountId> = good()
            .filter_map(|(_, item, who)| match who {
                Who::Agent(agent) => Some((room.acts.get(&item.conversation)?, agent)),
                Who::Visitor(_) => None,
            })
            .filter(|(act, agent)| act.c.team.is_some() && !act.c.owner.is_agent(&agent.id))
            .map(|(_, agent)| agent.id.clone())
            .collect();
        if !strangers.is_empty() {
            let strangers: Vec<AccountId> = strangers.into_iter().collect();
            room.teams = team::of_accounts(tx, &strangers).await?;
        }
        // Only writing to a resolved conversation asks who is there.
        for act in room.acts.values().filter(|act| act.c.status == Status::Resolved) {
            room.facts.insert(act.c.id.clone(), act::facts(tx, &act.c, now).await?);
        }
        let there = |item: &&Item| room.acts.contains_key(&item.conversation);
        room.files = Files::load(tx, good().map(|(_, item, _)| item).filter(there)).await?;
        Ok(room)
    }

    /// Finds out which of these are stored already.
    pub(super) async fn look(&mut self, tx: &mut Tx, items: &[(&Item, &Who)]) -> Result<(), Error> {
        let known = |(item, _): &&(&Item, &Who)| self.acts.contains_key(&item.conversation);
        let keys: HashSet<ClientKey> =
            items.iter().filter(known).map(|(item, who)| item.key(&who.author())).collect();
        if keys.is_empty() {
            return Ok(());
        }
        let keys: Vec<ClientKey> = keys.into_iter().collect();
        for entry in entry::by_client(tx, &keys).await? {
            if let Some(client) = &entry.client {
                let (conversation, sender) = (entry.conversation.clone(), client.sender.clone());
                let key = ClientKey { conversation, sender, id: client.id.clone() };
                let (place, body_hash) = (Place::of(&entry), client.body_hash.clone());
                self.stored.insert(key, Stored { place, body_hash, entry: Some(entry) });
            }
        }
        Ok(())
    }

    /// A repeat is answered as it was, also when it would be refused today. What was refused has changed nothing, so
    /// its place in the order does not matter.
    pub(super) async fn look_at_refused(
        &mut self,
        tx: &mut Tx,
        items: &[Item],
        entrants: &[Entrant],
        judged: &mut [Judged],
    ) -> Result<(), Error> {
        let refused: Vec<(usize, &Item, &Who)> = admitted(items, entrants)
            .filter(|(n, ..)| matches!(judged.get(*n), Some(Judged::Refused(_))))
            .collect();
        let asked: Vec<(&Item, &Who)> = refused.iter().map(|(_, item, who)| (*item, *who)).collect();
        self.look(tx, &asked).await?;
        for (n, item, who) in refused {
            let stored = self.stored.get(&item.key(&who.author()));
            if let (Some(stored), Some(place)) = (stored, judged.get_mut(n)) {
                *place = repeated(item, stored);
            }
        }
        Ok(())
    }

    /// Decides one item and carries it out in memory.
    pub(super) fn judge(&mut self, item: &Item, who: &Who, now: Millis, shared: &Shared) -> Judged {
        let author = who.author();
        let key = item.key(&author);
        let unknown = || Judged::Refused(Failure::not_found("conversation"));
        if self.held.contains(&item.conversation) {
            return Judged::Held;
        }
        let Some(act) = self.acts.get_mut(&item.conversation) else { return unknown() };
        // A repeat is answered as it was, whatever has become of the conversation since.
        if let Some(stored) = self.stored.get(&key) {
            return repeated(item, stored);
        }
        let may_see = match who {
            Who::Visitor(author) => {
                author.id.as_deref() == Some(act.c.visitor.as_str())
                    || faults::broken(Mutant::ForeignReadable)
            }
            Who::Agent(agent) => {
                act.c.is_visible_to(&agent.id, self.teams.get(&agent.id).map_or(&[], Vec::as_slice))
            }
        };
        if !may_see {
            return unknown();
        }
        let said =
            self.files.of(item, &author, shared.files).and_then(|files| Ok((item.words(&files)?, files)));
        let (text, files) = match said {
            Ok(said) => said,
            Err(failure) => return Judged::Refused(failure),
        };
        let client = Some(item.client(&author));
        let command = match (who, item.kind) {
            (Who::Visitor(_), AppendKind::Message) => {
                let facts = self.facts.get(&item.conversation).cloned().unwrap_or_default();
                Command::VisitorMessage { visitor: author, text, client, facts }
            }
            (Who::Visitor(_), AppendKind::Note) => {
                return Judged::Refused(Failure::new(Problem::Forbidden, "notes are for staff"));
            }
            (Who::Agent(agent), AppendKind::Message) => {
                Command::AgentMessage { agent: agent.clone(), text, client }
            }
            (Who::Agent(agent), AppendKind::Note) => Command::Note { agent: agent.clone(), text, client },
        };
        broken::number(&mut act.c);
        if let Err(refusal) = act.decide(command, now, shared.rng.as_ref()) {
            return Judged::Refused(refusal.into());
        }
        broken::numbered(&act.c);
        if !files.is_empty() {
            act.attach(&files);
            self.files.sent(item);
        }
        // Of the entries that it became the one that carries the client's id.
        let written = act.entries().iter().rev().find(|entry| entry.client.is_some());
        match written {
            Some(entry) => {
                let place = Place::of(entry);
                let body_hash = item.body_hash.clone();
                self.stored.insert(key, Stored { place: place.clone(), body_hash, entry: None });
                Judged::Stored(place)
            }
            None => unknown(),
        }
    }

    /// Writes which files are sent.
    pub(super) async fn keep_files(&self, tx: &mut Tx) -> Result<(), Error> {
        self.files.save(tx).await
    }

    /// What is to be written.
    pub(super) fn into_acts(self) -> Vec<Act> {
        self.acts.into_values().collect()
    }

    /// What an earlier run may have committed unseen and told to nobody: the repeats of entries since then.
    pub(super) fn told_again(&self, since: Millis) -> Vec<Notice> {
        let mut notices: Vec<Notice> = Vec::new();
        let mut conversations = BTreeSet::new();
        let young = |entry: &&Entry| entry.at >= since;
        for entry in self.stored.values().filter_map(|stored| stored.entry.as_ref()).filter(young) {
            let id = entry.conversation.clone();
            notices.push(Notice::Entry(EntryNotice::of(id.clone(), &Line::of(entry))));
            conversations.insert(id);
        }
        for act in conversations.iter().filter_map(|id| self.acts.get(id)) {
            let state = StateNotice { state: State::of(&act.c), changed: true };
            notices.push(Notice::State(Box::new(state)));
        }
        notices
    }
}

fn repeated(item: &Item, stored: &Stored) -> Judged {
    if stored.body_hash == item.body_hash || faults::broken(Mutant::ConflictAcknowledged) {
        let entry = stored.entry.as_ref().filter(|_| item.want_entry);
        return Judged::Repeated(stored.place.clone(), entry.map(|entry| Line::of(entry).entry));
    }
    Judged::Refused(Failure::new(
        Problem::Conflict,
        "another message was stored under this client_msg_id: use a new one for a new message",
    ))
}

impl Who {
    fn author(&self) -> Author {
        match self {
            Self::Agent(agent) => agent.author(),
            Self::Visitor(author) => author.clone(),
        }
    }
}
