//! What everybody was shown: only what they may see, as it is stored, in order, without a gap, and all of it.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::Entry;
use super::record::{Histories, History, Observer, Record, Role, Seen};
use super::violation::{Found, Kind};

/// How far an observer has come in a conversation.
#[derive(Debug, Default)]
struct Shown {
    /// The numbers shown so far.
    seqs: BTreeSet<u64>,
    /// Once the first entry was shown, the last one in order. What comes before that is a preview: an agent who is
    /// given a conversation is shown its newest entries unasked.
    last: Option<u64>,
}

pub(super) fn check(record: &Record, histories: &Histories, found: &mut Found) {
    let mut shown: BTreeMap<(&str, &str), Shown> = BTreeMap::new();
    for observation in &record.observations {
        let name = observation.observer.as_str();
        let Some(observer) = record.observers.get(name) else {
            found.add(Kind::Leaked, format!("{name} takes no part and was shown {:?}", observation.seen));
            continue;
        };
        let entry = match &observation.seen {
            Seen::Entry(entry) => entry,
            Seen::Reset(conversation) => {
                shown.remove(&(name, conversation.as_str()));
                continue;
            }
        };
        let on = format!("{name}, connection {}", observation.connection);
        if !may_see(&on, observer, entry, found) {
            continue;
        }
        let Some(history) = histories.get(entry.conversation()) else { continue };
        is_stored(&on, history, entry, found);
        let place = shown.entry((name, entry.conversation())).or_default();
        in_order(&on, place, observer, history, entry, found);
    }
    for (name, observer) in record.observers.iter().filter(|(_, observer)| !observer.left) {
        for conversation in &observer.follows {
            let history = histories.get(conversation);
            let shown = shown.get(&(name.as_str(), conversation.as_str()));
            complete(name, conversation, observer, history, shown, found);
        }
    }
}

fn may_see(on: &str, observer: &Observer, entry: &Entry, found: &mut Found) -> bool {
    let own = observer.role == Role::Agent || observer.follows.contains(entry.conversation());
    if !own {
        found.add(Kind::Leaked, format!("{on}: somebody else's entry: {}", entry.0));
    } else if !entry.is_for(observer.role) {
        found.add(Kind::Leaked, format!("{on}: a note was shown to a visitor: {}", entry.0));
    }
    own && entry.is_for(observer.role)
}

fn is_stored(on: &str, history: &History, entry: &Entry, found: &mut Found) {
    let at = history.staff.binary_search_by_key(&entry.seq(), Entry::seq);
    match at.ok().map(|at| &history.staff[at]) {
        None => found.add(Kind::Invented, format!("{on}: shown and not stored: {}", entry.0)),
        Some(stored) if stored != entry => {
            found.add(Kind::Disagrees, format!("{on}: shown as {}, stored as {}", entry.0, stored.0));
        }
        Some(_) => {}
    }
}

/// After the repeats are dropped, each next entry is the next that this observer may see.
fn in_order(
    on: &str,
    place: &mut Shown,
    observer: &Observer,
    history: &History,
    entry: &Entry,
    found: &mut Found,
) {
    let seq = entry.seq();
    let fresh = place.seqs.insert(seq);
    match place.last {
        // The replay from the beginning has begun.
        None if seq == 1 => place.last = Some(1),
        None => {}
        Some(last) if seq <= last && fresh => {
            let what = format!("{on}: entry {seq} of {} came after {last}", entry.conversation());
            found.add(Kind::OutOfOrder, what);
        }
        Some(last) if seq <= last => {}
        Some(last) => {
            let next = history.staff.iter().skip(usize::try_from(last).unwrap_or(usize::MAX));
            let skipped = next
                .take_while(|other| other.seq() < seq)
                .find(|other| other.seq() > last && other.is_for(observer.role));
            if let Some(skipped) = skipped {
                let what = format!(
                    "{on}: entry {seq} of {} came after {last}, without {}",
                    entry.conversation(),
                    skipped.seq()
                );
                found.add(Kind::OutOfOrder, what);
            }
            place.last = Some(seq);
        }
    }
}

/// In the end everybody has been shown all that they follow.
fn complete(
    name: &str,
    conversation: &str,
    observer: &Observer,
    history: Option<&History>,
    shown: Option<&Shown>,
    found: &mut Found,
) {
    let Some(history) = history else {
        return found.add(Kind::Lost, format!("{conversation}, which {name} follows, is not stored"));
    };
    let has = |seq: &u64| shown.is_some_and(|shown| shown.seqs.contains(seq));
    let missing: Vec<u64> = history
        .staff
        .iter()
        .filter(|entry| entry.is_for(observer.role))
        .map(Entry::seq)
        .filter(|seq| !has(seq))
        .collect();
    if !missing.is_empty() {
        found.add(Kind::Lost, format!("{name} was not shown {} of {conversation}", stretches(&missing)));
    }
}

/// `[3–961, 963]`: numbers that follow each other together.
fn stretches(numbers: &[u64]) -> String {
    let runs = numbers.chunk_by(|a, b| a + 1 == *b);
    let told = runs.filter_map(|run| match (run.first()?, run.last()?) {
        (first, last) if first == last => Some(first.to_string()),
        (first, last) => Some(format!("{first}–{last}")),
    });
    format!("[{}]", told.collect::<Vec<_>>().join(", "))
}
