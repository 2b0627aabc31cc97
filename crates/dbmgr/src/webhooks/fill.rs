//! Filling the queue from the log.
//!
//! What is new is known from notices. How far a log has been noted is kept in memory; where it is not known, and after a
//! start, what is noted already is looked up, and the log is read back to some time before the last complete look. Nothing
//! is noted twice, and nothing is passed over: an entry is dated when its transaction begins, which is far less than
//! [`TELL_OVERLAP_MS`] before it is seen.

mod stuck;

use super::{body, send};
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{
    TELL_AT_ONCE, TELL_ENTRIES, TELL_KEPT_MS, TELL_MARK_MS, TELL_NOTED, TELL_OVERLAP_MS, TELL_PLACES,
    TELL_SWEPT,
};
use crate::shared::Shared;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{Conversation, ConversationId, Entry, Millis, WebhookId};
use switchboard_storage::entry::Reader;
use switchboard_storage::webhook::Webhook;
use switchboard_storage::webhook::delivery::{self, Delivery, State};
use switchboard_storage::{conversation, entry, grown, meta};

/// Under which name it is remembered up to when all is noted.
const MARK: &str = "webhooks_noted";

pub(super) struct Filler {
    shared: Arc<Shared>,
    /// Up to where logs are noted, as far as that is known.
    places: HashMap<ConversationId, i64>,
    /// Up to when everything is noted, and what of that is written down.
    mark: Option<Millis>,
    written: Millis,
    /// What is past its time was not all forgotten by the last transaction.
    unswept: bool,
    /// For whom that is so.
    hooks: Vec<Webhook>,
    /// How often each log could not be noted that cannot be.
    stuck: HashMap<ConversationId, u32>,
    /// Noted for each since what waits for it was counted, and how much that was.
    noted: HashMap<WebhookId, (i64, Option<i64>)>,
}

/// A log to read, and the first new place in it as far as it was told.
type Grown = (ConversationId, Option<i64>);

impl Filler {
    pub(super) fn new(shared: Arc<Shared>) -> Self {
        Self {
            shared,
            places: HashMap::new(),
            mark: None,
            written: 0,
            unswept: false,
            hooks: Vec::new(),
            stuck: HashMap::new(),
            noted: HashMap::new(),
        }
    }

    /// What is known may be wrong: it is looked up again.
    pub(super) fn forget(&mut self) {
        self.places.clear();
        self.mark = None;
    }

    /// These are told from now on; answers whether they are others. For others the logs are read back once more: what was
    /// noted before it was known of them was not noted for them.
    pub(super) fn tells(&mut self, hooks: &[Webhook]) -> bool {
        let same = |a: &Webhook, b: &Webhook| (&a.id, a.since, &a.events) == (&b.id, b.since, &b.events);
        let others =
            hooks.len() != self.hooks.len() || hooks.iter().zip(&self.hooks).any(|(a, b)| !same(a, b));
        if others {
            self.places.clear();
            self.noted.clear();
        }
        self.hooks = hooks.to_vec();
        others
    }

    /// Notes what these logs have got, and answers whether there is more; with `scan` looks for more of them, and lets go what was held until then.
    pub(super) async fn fill(
        &mut self,
        hooks: &[Webhook],
        grown: &HashMap<ConversationId, i64>,
        scan: bool,
    ) -> Outcome<bool> {
        let Some(oldest) = hooks.iter().map(|hook| hook.since).min() else { return Ok(false) };
        if self.places.len() > TELL_PLACES {
            self.places.clear();
        }
        if self.stuck.len() > TELL_PLACES {
            self.stuck.clear();
        }
        let began = self.shared.clock.now();
        let bound = self.bound(oldest).await?;
        let mut all: Vec<Grown> = grown.iter().map(|(id, seq)| (id.clone(), Some(*seq))).collect();
        let mut held = Vec::new();
        let mut found = false;
        if scan {
            // Before the logs: what happened before something that is held is in them by now.
            held = self.held(hooks).await?;
            for id in self.find(bound).await? {
                if !grown.contains_key(&id) {
                    all.push((id, None));
                }
            }
        }
        let mut again = None;
        for piece in all.chunks(TELL_AT_ONCE) {
            match self.note(hooks, piece, bound).await {
                Ok(any) => found |= any,
                Err(halt) if stuck::is_general(&halt) => return Err(halt),
                Err(_) => {
                    let (any, failed) = self.note_each(hooks, piece, bound).await?;
                    found |= any;
                    again = again.or(failed);
                }
            }
        }
        // What is held waits for what failed.
        if let Some(halt) = again {
            return Err(halt);
        }
        if !scan {
            return Ok(false);
        }
        let more = i64::try_from(held.len()).is_ok_and(|len| len >= TELL_ENTRIES);
        self.release(held).await?;
        self.mark = Some(began);
        if found || self.unswept || began - self.written > TELL_MARK_MS {
            let swept = super::write(&self.shared, |cx| {
                Box::pin(async move {
                    meta::set(&mut cx.tx, MARK, &began.to_string()).await?;
                    Ok(delivery::sweep(&mut cx.tx, cx.now - TELL_KEPT_MS, TELL_SWEPT).await?)
                })
            })
            .await?;
            self.written = began;
            self.unswept = i64::try_from(swept).is_ok_and(|swept| swept >= TELL_SWEPT);
        }
        Ok(more)
    }

    /// Forgets what is past its time while nobody is told anything.
    pub(super) async fn sweep(&self) -> Outcome<()> {
        loop {
            let swept = super::write(&self.shared, |cx| {
                Box::pin(
                    async move { Ok(delivery::sweep(&mut cx.tx, cx.now - TELL_KEPT_MS, TELL_SWEPT).await?) },
                )
            });
            if i64::try_from(swept.await?).is_ok_and(|swept| swept < TELL_SWEPT) {
                return Ok(());
            }
        }
    }

    /// Everything older is noted.
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

    /// The logs that have grown since, but for those that are noted to their end as far as is known: most of them, which are
    /// not to be read one by one.
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

    /// Notes what is new in these logs; answers whether anything was.
    async fn note(&mut self, hooks: &[Webhook], logs: &[Grown], bound: Millis) -> Outcome<bool> {
        let known: Vec<Option<i64>> = logs.iter().map(|(id, _)| self.places.get(id).copied()).collect();
        let read = async {
            let mut tx = self.shared.store.read().await?;
            let mut news = Vec::new();
            for ((id, told), known) in logs.iter().zip(&known) {
                let Some(c) = conversation::get(&mut tx, id).await? else { continue };
                // A log that is shorter than it was, after a restore, is another one.
                let known = known.filter(|place| *place <= c.head);
                if known == Some(c.head) {
                    continue;
                }
                let entries = new_entries(&mut tx, &c, known, *told, bound).await?;
                news.push((c, entries, known.is_none()));
            }
            Ok::<_, crate::halt::Halt>(news)
        };
        let news: Vec<(Conversation, Vec<Entry>, bool)> = read.await?;
        let places: Vec<(ConversationId, i64)> = news
            .iter()
            .map(|(c, entries, _)| (c.id.clone(), entries.last().map_or(c.head, |entry| entry.seq)))
            .collect();
        let now = self.shared.clock.now();
        let unsure = news.iter().any(|(_, _, unsure)| *unsure);
        let all: Vec<Delivery> = news
            .iter()
            .flat_map(|(c, entries, _)| entries.iter().map(move |entry| (c, entry)))
            .filter_map(|(c, entry)| Some((c, entry, EventKind::of(entry)?)))
            .flat_map(|(c, entry, kind)| {
                let wanted = hooks.iter().filter(move |hook| hook.wants(kind, entry.at));
                wanted.map(move |hook| delivery(hook, c, entry, kind, now))
            })
            .collect();
        let found = !all.is_empty();
        if found {
            let ids: Vec<ConversationId> = news.iter().map(|(c, _, _)| c.id.clone()).collect();
            super::write(&self.shared, |cx| {
                let (ids, all) = (ids.clone(), all.clone());
                Box::pin(async move { insert(cx, &ids, all, unsure).await })
            })
            .await?;
        }
        self.places.extend(places);
        self.count(&all).await?;
        Ok(found)
    }

    /// Counts what waits for those for whom much has been noted: a queue is not known to be full before it is, and what is
    /// answered well but slowly fills it as well.
    async fn count(&mut self, all: &[Delivery]) -> Outcome<()> {
        let every = (self.shared.tell_waiting / TELL_NOTED).max(1);
        for one in all {
            // The first time at once: it may be full from before.
            self.noted.entry(one.webhook.clone()).or_insert((every - 1, None)).0 += 1;
        }
        for (id, (noted, before)) in self.noted.iter_mut().filter(|(_, (noted, _))| *noted >= every) {
            let was = *before;
            let waiting = super::write(&self.shared, |cx| {
                let id = id.clone();
                Box::pin(async move { send::count(cx, &id, was).await })
            });
            *before = Some(waiting.await?);
            *noted = 0;
        }
        Ok(())
    }

    async fn held(&self, hooks: &[Webhook]) -> Outcome<Vec<(Webhook, switchboard_domain::EntryId)>> {
        let mut tx = self.shared.store.read().await?;
        let mut held = Vec::new();
        for hook in hooks {
            let some = delivery::held(&mut tx, &hook.id, TELL_ENTRIES).await?;
            held.extend(some.into_iter().map(|(_, event)| (hook.clone(), event)));
        }
        Ok(held)
    }

    async fn release(&self, held: Vec<(Webhook, switchboard_domain::EntryId)>) -> Outcome<()> {
        if held.is_empty() {
            return Ok(());
        }
        Ok(super::write(&self.shared, |cx| {
            let held = held.clone();
            Box::pin(async move {
                for (hook, event) in &held {
                    delivery::release(&mut cx.tx, &hook.id, event, cx.now).await?;
                }
                Ok(())
            })
        })
        .await?)
    }
}

/// The entries of a log that are not noted: behind the known place; or else those from the one that was told, and those
/// younger than `bound`.
async fn new_entries(
    tx: &mut switchboard_storage::Tx,
    c: &Conversation,
    known: Option<i64>,
    told: Option<i64>,
    bound: Millis,
) -> Outcome<Vec<Entry>> {
    let mut place = match known {
        Some(place) => place,
        None => {
            let mut first = i64::MAX;
            loop {
                let page = entry::before(tx, &c.id, first, Reader::Staff, TELL_ENTRIES).await?;
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
        let page = entry::after(tx, &c.id, place, Reader::Staff, TELL_ENTRIES).await?;
        let full = i64::try_from(page.len()).is_ok_and(|len| len >= TELL_ENTRIES);
        place = page.last().map_or(place, |entry| entry.seq);
        entries.extend(page);
        if !full {
            return Ok(entries);
        }
    }
}

fn delivery(hook: &Webhook, c: &Conversation, entry: &Entry, kind: EventKind, now: Millis) -> Delivery {
    Delivery {
        webhook: hook.id.clone(),
        event_id: entry.id.clone(),
        event: kind,
        lane: c.id.to_string(),
        seq: entry.seq,
        state: State::Waiting,
        attempts: 0,
        due_at: Some(now),
        created_at: now,
        tried_at: None,
        status: None,
        took_ms: None,
        said: String::new(),
        body: body::of(kind, entry.at, &body::of_entry(entry, c)),
    }
}

/// What was erased since it was read is told nobody: the rows of those that are left are kept until the commit.
async fn insert(cx: &mut Cx, logs: &[ConversationId], mut all: Vec<Delivery>, unsure: bool) -> Outcome<()> {
    let left = conversation::lock_many(&mut cx.tx, logs).await?;
    if left.len() < logs.len() {
        all.retain(|one| left.iter().any(|c| c.id.as_str() == one.lane));
    }
    if unsure {
        let mut ids: Vec<_> = all.iter().map(|one| one.event_id.clone()).collect();
        ids.dedup();
        let noted = delivery::known(&mut cx.tx, &ids).await?;
        all.retain(|one| !noted.contains(&(one.webhook.clone(), one.event_id.clone())));
    }
    if !all.is_empty() {
        delivery::insert(&mut cx.tx, &all).await?;
    }
    Ok(())
}
