//! Reading logs for what rules are for.
//!
//! What is new is known from notices. How far a log was read is kept in memory; after a start, and when other rules are
//! on, logs are read back to some time before the last complete look. To see something twice does no harm: what was
//! noted is not looked at again, and what was not noted comes to the same.

use super::known::Ready;
use super::{Met, met, react, work};
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::limits::{RULES_MARK_MS, TELL_ENTRIES, TELL_OVERLAP_MS, TELL_PLACES};
use crate::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_domain::{Conversation, ConversationId, Entry, Millis};
use switchboard_storage::entry::Reader as Of;
use switchboard_storage::{Error, Tx, conversation, entry, grown, meta};
use switchboard_wire::Problem;

/// Under which name it is remembered up to when all was read.
const MARK: &str = "rules_read";

pub(super) struct Logs {
    shared: Arc<Shared>,
    /// Up to where logs were read, as far as that is known.
    places: HashMap<ConversationId, i64>,
    /// Up to when everything was read, and what of that is written down.
    mark: Option<Millis>,
    written: Millis,
}

impl Logs {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self { shared, places: HashMap::new(), mark: None, written: 0 }
    }

    /// Other rules are on, or what is known may be wrong: logs are read back.
    pub(super) fn forget(&mut self) {
        self.places.clear();
    }

    /// The next place of a log holds nothing that rules are for.
    pub(super) fn pass(&mut self, id: &ConversationId, seq: i64) {
        if let Some(place) = self.places.get_mut(id).filter(|place| **place + 1 == seq) {
            *place = seq;
        }
    }

    /// Reads what these logs have got; with `scan` looks for more of them.
    pub(super) async fn read(
        &mut self,
        ready: &Arc<Ready>,
        grown: HashMap<ConversationId, i64>,
        scan: bool,
    ) -> Outcome<()> {
        let Some(oldest) = ready.book.logs_since() else { return Ok(()) };
        if self.places.len() > TELL_PLACES {
            self.places.clear();
        }
        let began = self.shared.clock.now();
        let bound = self.bound(oldest).await?;
        let mut all: Vec<(ConversationId, Option<i64>)> =
            grown.iter().map(|(id, seq)| (id.clone(), Some(*seq))).collect();
        if scan {
            let found = self.find(bound).await?.into_iter().filter(|id| !grown.contains_key(id));
            all.extend(found.map(|id| (id, None)));
        }
        let mut reacted = false;
        for (id, told) in all {
            reacted |= self.read_one(ready, id, told, bound).await?;
        }
        if scan {
            self.mark = Some(began);
            if reacted || began - self.written > RULES_MARK_MS {
                work(&self.shared, Mode::Write, |cx| {
                    Box::pin(async move {
                        meta::set(&mut cx.tx, MARK, &began.to_string()).await?;
                        Ok(())
                    })
                })
                .await?;
                self.written = began;
            }
        }
        Ok(())
    }

    /// Everything older was read, or is older than the rules.
    async fn bound(&mut self, oldest: Millis) -> Outcome<Millis> {
        let mark = match self.mark {
            Some(mark) => mark,
            None => {
                let mut tx = self.shared.store.read().await?;
                let mark = meta::get(&mut tx, MARK).await?.and_then(|text| text.parse().ok());
                *self.mark.insert(mark.unwrap_or(oldest))
            }
        };
        Ok(mark.max(oldest) - TELL_OVERLAP_MS)
    }

    /// The logs that have grown since, but for those that were read to their end as far as is known.
    async fn find(&self, bound: Millis) -> Outcome<Vec<ConversationId>> {
        let mut found = Vec::new();
        let mut tx = self.shared.store.read().await?;
        grown::since(&mut tx, bound, TELL_ENTRIES, |id, head| {
            if self.places.get(&id) != Some(&head) {
                found.push(id);
            }
        })
        .await?;
        Ok(found)
    }

    /// Reads what is new in a log, and lets rules see it; answers whether they did anything.
    async fn read_one(
        &mut self,
        ready: &Arc<Ready>,
        id: ConversationId,
        told: Option<i64>,
        bound: Millis,
    ) -> Outcome<bool> {
        let known = self.places.get(&id).copied();
        let news = {
            let mut tx = self.shared.store.read().await?;
            let Some(c) = conversation::get(&mut tx, &id).await? else { return Ok(false) };
            // A log that is shorter than it was, after a restore, is another one.
            let known = known.filter(|place| *place <= c.head);
            if known == Some(c.head) {
                return Ok(false);
            }
            new_entries(&mut tx, &c, known, told, bound).await?
        };
        let mut reacted = false;
        for one in met(&news) {
            if ready.book.concerns(&one.happened, one.by, one.at) {
                reacted |= self.see(ready, one).await?;
            }
        }
        if let Some(last) = news.last() {
            self.places.insert(id, last.seq);
        }
        Ok(reacted)
    }

    /// Lets rules see something. What is refused for good must not hold up everything else.
    async fn see(&self, ready: &Arc<Ready>, one: Met) -> Outcome<bool> {
        let seen = work(&self.shared, Mode::Write, |cx| {
            let (one, ready) = (one.clone(), Arc::clone(ready));
            Box::pin(async move { Ok(react(cx, &ready.book, &one).await?.is_some()) })
        });
        match seen.await {
            Ok(reacted) => Ok(reacted),
            Err(failure) if failure.problem == Problem::Unavailable => Err(failure.into()),
            Err(failure) => {
                tracing::error!(conversation = %one.conversation, %failure, "rules could not be carried out");
                Ok(false)
            }
        }
    }
}

/// The entries of a log that were not read: behind the known place; or else those from the one that was told, and those
/// younger than `bound`.
async fn new_entries(
    tx: &mut Tx,
    c: &Conversation,
    known: Option<i64>,
    told: Option<i64>,
    bound: Millis,
) -> Result<Vec<Entry>, Error> {
    let mut place = match known {
        Some(place) => place,
        None => {
            let mut first = i64::MAX;
            loop {
                let page = entry::before(tx, &c.id, first, Of::Staff, TELL_ENTRIES).await?;
                let Some(oldest) = page.first() else { break };
                first = page.iter().find(|entry| entry.at >= bound).map_or(first, |entry| entry.seq);
                if oldest.at < bound || oldest.seq <= 1 {
                    break;
                }
            }
            first.min(told.unwrap_or(i64::MAX)).min(c.head + 1) - 1
        }
    };
    let mut entries = Vec::new();
    loop {
        let page = entry::after(tx, &c.id, place, Of::Staff, TELL_ENTRIES).await?;
        let full = i64::try_from(page.len()).is_ok_and(|len| len >= TELL_ENTRIES);
        place = page.last().map_or(place, |entry| entry.seq);
        entries.extend(page);
        if !full {
            return Ok(entries);
        }
    }
}
