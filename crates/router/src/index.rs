//! Keeps the search index close behind the log: what a notice names is indexed a second later, and what no notice named
//! (because it was lost, or nobody was listening) is looked for at the beginning and after something was lost.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use switchboard_wire::call::router::{GetUnindexed, IndexLines};
use switchboard_wire::{Failure, Problem};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep};

use crate::calls::Calls;
use crate::limits::{
    CALL_AGAIN, INDEX_AT_ONCE, INDEX_GATHER, INDEX_KNOWN, INDEX_LOOK, INDEX_LOOK_AGAIN, INDEX_REST,
    INDEX_REST_MIN, INDEX_TRIES,
};
use crate::room::Room;

/// Conversations that may have something to be indexed.
#[derive(Debug, Default)]
pub(crate) struct Unindexed {
    known: Mutex<Known>,
    hint: Notify,
}

#[derive(Debug, Default)]
struct Known {
    conversations: HashSet<String>,
    /// There are others, nobody knows which.
    others: bool,
}

impl Unindexed {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something happened in this conversation.
    pub(crate) fn note(&self, conversation: &str) {
        let mut known = self.known();
        if known.conversations.contains(conversation) {
            return;
        }
        if known.conversations.len() >= INDEX_KNOWN {
            known.others = true;
            drop(known);
            self.hint.notify_one();
            return;
        }
        let is_first = known.conversations.is_empty();
        known.conversations.insert(conversation.to_owned());
        drop(known);
        if is_first {
            self.hint.notify_one();
        }
    }

    /// Something happened, nobody knows where.
    pub(crate) fn note_others(&self) {
        self.known().others = true;
        self.hint.notify_one();
    }

    /// Some of those that are known.
    fn take(&self) -> Vec<String> {
        let mut known = self.known();
        let some: Vec<String> = known.conversations.iter().take(INDEX_AT_ONCE).cloned().collect();
        some.iter().for_each(|id| {
            known.conversations.remove(id);
        });
        some
    }

    fn take_others(&self) -> bool {
        std::mem::take(&mut self.known().others)
    }
}

/// Indexes for ever.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>) {
    let mut looked = Instant::now();
    room.unindexed.note_others();
    loop {
        if room.unindexed.take_others() {
            looked = Instant::now();
            if let Err(failure) = look_through(&room).await {
                tracing::debug!(%failure, "what is to be indexed cannot be looked for; it is tried again");
                room.unindexed.note_others();
            }
        }
        catch_up(&room).await;
        // Nothing to do until something is heard. Where something was, a notice may have been lost as well.
        let due = looked + INDEX_LOOK_AGAIN;
        room.unindexed.hint.notified().await;
        if Instant::now() >= due {
            room.unindexed.note_others();
        }
        sleep(INDEX_GATHER).await;
    }
}

/// Indexes what is known, with a rest after each piece, so that messages have the database to themselves most of the time.
async fn catch_up<C: Calls>(room: &Room<C>) {
    let mut pieces = Pieces::default();
    loop {
        if pieces.is_empty() {
            pieces.add(room.unindexed.take());
        }
        if pieces.is_empty() {
            return;
        }
        if let Err(failure) = index_all(room, &mut pieces).await {
            tracing::debug!(%failure, "could not index; it is tried again");
            sleep(CALL_AGAIN).await;
        }
    }
}

/// Indexes pieces to their end, and goes on without what cannot be indexed however often it is tried: one entry that cannot be
/// read must not keep all others out.
///
/// # Errors
/// The database is away. What is left is in `pieces`.
async fn index_all<C: Calls>(room: &Room<C>, pieces: &mut Pieces) -> Result<(), Failure> {
    while let Some(some) = pieces.next() {
        match index(room, some.clone()).await {
            Ok(left) => pieces.went_well(left),
            Err(failure) if is_away(&failure) => {
                pieces.add(some);
                return Err(failure);
            }
            Err(failure) => {
                if let Some(conversation) = pieces.failed(some) {
                    tracing::warn!(conversation, %failure, "what is new there cannot be indexed, so nobody finds it");
                }
                sleep(CALL_AGAIN).await;
            }
        }
    }
    Ok(())
}

/// Whether it says nothing about what was to be indexed.
fn is_away(failure: &Failure) -> bool {
    matches!(failure.problem, Problem::Unavailable | Problem::RateLimited)
}

/// Pieces that are still to be indexed, the next one last, and how often that one has failed.
#[derive(Debug, Default)]
struct Pieces {
    left: Vec<Vec<String>>,
    failed: u32,
}

impl Pieces {
    fn is_empty(&self) -> bool {
        self.left.is_empty()
    }

    fn add(&mut self, some: Vec<String>) {
        if !some.is_empty() {
            self.left.push(some);
        }
    }

    fn next(&mut self) -> Option<Vec<String>> {
        self.left.pop()
    }

    /// But for this, the piece is indexed.
    fn went_well(&mut self, left: Vec<String>) {
        self.failed = 0;
        self.add(left);
    }

    /// The piece failed. It is tried again; after the last time its halves are, until the one conversation is known that it
    /// fails for, which is left out.
    fn failed(&mut self, mut some: Vec<String>) -> Option<String> {
        self.failed += 1;
        if self.failed < INDEX_TRIES {
            self.add(some);
            return None;
        }
        self.failed = 0;
        if some.len() <= 1 {
            return some.pop();
        }
        let half = some.split_off(some.len() / 2);
        self.add(some);
        self.add(half);
        None
    }
}

/// Indexes a piece and rests; answers what of it is left.
async fn index<C: Calls>(room: &Room<C>, conversations: Vec<String>) -> Result<Vec<String>, Failure> {
    let began = Instant::now();
    let indexed = room.calls.ask(IndexLines { conversations }).await?;
    metrics::counter!("switchboard_indexed_entries_total")
        .increment(u64::try_from(indexed.entries).unwrap_or_default());
    sleep((began.elapsed() * INDEX_REST).max(INDEX_REST_MIN)).await;
    Ok(indexed.left)
}

/// Goes through all conversations, piece by piece.
async fn look_through<C: Calls>(room: &Room<C>) -> Result<(), Failure> {
    let mut after = None;
    loop {
        let began = Instant::now();
        let piece = room.calls.ask(GetUnindexed { after, limit: INDEX_LOOK }).await?;
        for some in piece.conversations.chunks(INDEX_AT_ONCE) {
            let mut pieces = Pieces::default();
            pieces.add(some.to_vec());
            index_all(room, &mut pieces).await?;
        }
        // What has just been written does not wait for all the old.
        catch_up(room).await;
        if piece.next.is_none() {
            return Ok(());
        }
        after = piece.next;
        sleep((began.elapsed() * INDEX_REST).min(Duration::from_secs(1))).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::timeout_at;

    #[tokio::test]
    async fn what_is_known_is_bounded_and_nothing_is_forgotten() {
        let unindexed = Unindexed::default();
        for n in 0..=INDEX_KNOWN {
            unindexed.note(&format!("c{n}"));
            unindexed.note(&format!("c{n}"));
        }
        let heard = timeout_at(Instant::now() + Duration::from_secs(5), unindexed.hint.notified()).await;
        assert!(heard.is_ok());
        assert!(unindexed.take_others(), "one did not fit");
        assert!(!unindexed.take_others());
        let mut seen = HashSet::new();
        loop {
            let some = unindexed.take();
            assert!(some.len() <= INDEX_AT_ONCE);
            if some.is_empty() {
                break;
            }
            seen.extend(some);
        }
        assert_eq!(seen.len(), INDEX_KNOWN);
    }
}
