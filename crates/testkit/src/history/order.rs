//! Order in time, and the order of each sender.

use std::collections::{BTreeMap, HashMap};

use super::record::{Attempt, Histories, Micros, Record};
use super::violation::{Found, Kind};

pub(super) fn check(record: &Record, histories: &Histories, found: &mut Found) {
    let stored: HashMap<&str, u64> = histories
        .values()
        .flat_map(|history| &history.staff)
        .filter_map(|entry| Some((entry.client_msg_id()?, entry.seq())))
        .collect();
    let mut sent: BTreeMap<&str, Vec<(&Attempt, u64)>> = BTreeMap::new();
    for attempt in &record.attempts {
        if let Some(seq) = stored.get(attempt.id.as_str()) {
            sent.entry(&attempt.conversation).or_default().push((attempt, *seq));
        }
    }
    let mut acked: BTreeMap<&str, Vec<(Micros, u64, &str)>> = BTreeMap::new();
    for ack in &record.acks {
        if let Some(seq) = stored.get(ack.id.as_str()) {
            acked.entry(&ack.conversation).or_default().push((ack.received, *seq, &ack.id));
        }
    }
    for (conversation, attempts) in &sent {
        real_time(attempts, acked.remove(conversation).unwrap_or_default(), found);
        by_sender(record, attempts, found);
    }
}

/// If `ack(a)` came before `send(b)`, a has the lower number.
fn real_time(attempts: &[(&Attempt, u64)], mut acks: Vec<(Micros, u64, &str)>, found: &mut Found) {
    let mut attempts: Vec<_> = attempts.to_vec();
    attempts.sort_by_key(|(attempt, _)| attempt.sent);
    acks.sort_unstable();
    let mut before = acks.into_iter().peekable();
    let mut highest: Option<(u64, &str)> = None;
    for (attempt, seq) in attempts {
        while let Some((_, acked, id)) = before.next_if(|(received, ..)| *received < attempt.sent) {
            highest = highest.max(Some((acked, id)));
        }
        if let Some((acked, id)) = highest
            && acked >= seq
        {
            let what = format!(
                "{id} was acknowledged as {acked} before {} was sent, which became {seq} of {}",
                attempt.id, attempt.conversation
            );
            found.add(Kind::OutOfOrder, what);
        }
    }
}

/// What one client sent into one conversation stands in the order in which it was sent. What was refused for the
/// moment may come to stand later than what was sent after it.
fn by_sender(record: &Record, attempts: &[(&Attempt, u64)], found: &mut Found) {
    let mut last: HashMap<&str, (u64, &str)> = HashMap::new();
    for (attempt, seq) in attempts {
        if let Some((before, id)) = last.get(attempt.sender.as_str())
            && before > seq
        {
            let what = format!(
                "{} sent {id} before {}, and they became {before} and {seq} of {}",
                attempt.sender, attempt.id, attempt.conversation
            );
            found.add(Kind::OutOfOrder, what);
        }
        if !record.retried.contains(&attempt.id) {
            let highest = last.entry(&attempt.sender).or_insert((*seq, &attempt.id));
            *highest = (*highest).max((*seq, &attempt.id));
        }
    }
}
