//! What is stored: without gaps, nothing twice, everything acknowledged, nothing else.

use std::collections::{BTreeMap, HashMap};

use super::entry::Entry;
use super::record::{Ack, Attempt, Histories, Record, Role};
use super::violation::{Found, Kind};

pub(super) fn check(record: &Record, histories: &Histories, found: &mut Found) {
    for (conversation, history) in histories {
        numbers(conversation, &history.staff, found);
        let public: Vec<&Entry> = history.staff.iter().filter(|entry| entry.is_for(Role::Visitor)).collect();
        if public != history.visitor.iter().collect::<Vec<_>>() {
            let what =
                format!("{conversation}: the visitor reads another history than staff do, notes aside");
            found.add(Kind::Disagrees, what);
        }
    }
    let stored = by_client_id(histories, found);
    acknowledged(record, &stored, found);
    let attempts: HashMap<&str, &Attempt> =
        record.attempts.iter().map(|attempt| (attempt.id.as_str(), attempt)).collect();
    for (id, entry) in &stored {
        match attempts.get(id) {
            None => found.add(Kind::Invented, format!("{id} is stored, and nobody has sent it: {}", entry.0)),
            Some(attempt) => unchanged(record, attempt, entry, found),
        }
    }
    for refusal in &record.refusals {
        if let Some(entry) = stored.get(refusal.id.as_str()) {
            let what = format!("{} was refused ({}) and is stored: {}", refusal.id, refusal.code, entry.0);
            found.add(Kind::RefusedAndStored, what);
        }
    }
}

/// 1, 2, 3… and every entry's id once.
fn numbers(conversation: &str, entries: &[Entry], found: &mut Found) {
    for (expected, entry) in (1_u64..).zip(entries) {
        if entry.seq() != expected {
            let what = format!("{conversation}: entry {} stands where {expected} should", entry.seq());
            found.add(Kind::Gap, what);
            break;
        }
    }
    let mut seen = HashMap::new();
    for entry in entries {
        if let Some(before) = seen.insert(entry.id(), entry.seq()) {
            let what = format!("{conversation}: {} is entry {before} and {}", entry.id(), entry.seq());
            found.add(Kind::Doubled, what);
        }
        if entry.conversation() != conversation {
            found.add(Kind::Disagrees, format!("{conversation} holds another's entry: {}", entry.0));
        }
    }
}

/// The stored messages and notes of clients; each once.
fn by_client_id<'a>(histories: &'a Histories, found: &mut Found) -> BTreeMap<&'a str, &'a Entry> {
    let mut stored: BTreeMap<&str, &Entry> = BTreeMap::new();
    for entry in histories.values().flat_map(|history| &history.staff) {
        let Some(id) = entry.client_msg_id() else { continue };
        if let Some(before) = stored.insert(id, entry) {
            found.add(Kind::Doubled, format!("{id} is stored twice: {} and {}", before.0, entry.0));
        }
    }
    stored
}

/// Acknowledged means stored, exactly so, for ever.
fn acknowledged(record: &Record, stored: &BTreeMap<&str, &Entry>, found: &mut Found) {
    let mut acks: HashMap<&str, &Ack> = HashMap::new();
    for ack in &record.acks {
        if let Some(before) = acks.insert(&ack.id, ack)
            && place(before) != place(ack)
        {
            found.add(Kind::Disagrees, format!("{} was acknowledged as {before:?} and as {ack:?}", ack.id));
        }
        let Some(entry) = stored.get(ack.id.as_str()) else {
            let what = format!("{} was acknowledged as {ack:?} and is not stored", ack.id);
            found.add(Kind::Lost, what);
            continue;
        };
        if place(ack) != (entry.conversation(), entry.seq(), entry.id(), entry.at()) {
            let what = format!("{} was acknowledged as {ack:?} and stored as {}", ack.id, entry.0);
            found.add(Kind::Disagrees, what);
        }
    }
}

fn place(ack: &Ack) -> (&str, u64, &str, &str) {
    (&ack.conversation, ack.seq, &ack.entry, &ack.at)
}

/// What is stored is what was sent, by who sent it.
fn unchanged(record: &Record, attempt: &Attempt, entry: &Entry, found: &mut Found) {
    let author = match record.observers.get(&attempt.sender).map(|sender| sender.role) {
        Some(Role::Visitor) => "visitor",
        Some(Role::Agent) => "agent",
        None => "somebody who takes part",
    };
    let sent = (attempt.conversation.as_str(), attempt.kind.as_str(), attempt.text.as_str(), author);
    if sent != (entry.conversation(), entry.kind(), entry.text(), entry.author()) {
        found.add(Kind::Disagrees, format!("sent as {attempt:?}, stored as {}", entry.0));
    }
}
