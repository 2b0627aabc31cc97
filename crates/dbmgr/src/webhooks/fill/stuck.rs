//! Going on without what cannot be noted: a row that a hand has spoilt, or that a newer version has written, must not keep
//! everybody from everything that comes after it.

use super::{Filler, Grown, delivery, insert};
use crate::cx::Cx;
use crate::halt::{Halt, Outcome};
use crate::limits::TELL_TRIES;
use crate::shared::Shared;
use crate::webhooks::{body, write};
use serde_json::json;
use std::slice;
use switchboard_domain::webhook::EventKind;
use switchboard_domain::{Conversation, Entry, Millis};
use switchboard_storage::webhook::Webhook;
use switchboard_storage::webhook::delivery::{Delivery, State};
use switchboard_storage::{Error, Tx, conversation, entry};
use switchboard_wire::Problem;

/// What is said of a delivery that could not be noted.
const SAID: &str =
    "it could not be noted, so it was not sent; what is sent again says only where it happened";

/// Whether a failure says nothing about the rows that were read or written: the database is away, busy, or not ours.
pub(super) fn is_general(halt: &Halt) -> bool {
    match halt {
        Halt::Again => true,
        Halt::Refused(failure) => matches!(failure.problem, Problem::Unavailable | Problem::RateLimited),
        Halt::Database(error) => {
            error.is_unavailable() || error.is_rerun() || matches!(error, Error::Schema(_) | Error::Config(_))
        }
    }
}

impl Filler {
    /// Notes logs by themselves that could not be noted together, because of one of them. Answers whether anything was new,
    /// and with what it is to be tried again; what fails each time is passed over.
    pub(super) async fn note_each(
        &mut self,
        hooks: &[Webhook],
        logs: &[Grown],
        bound: Millis,
    ) -> Outcome<(bool, Option<Halt>)> {
        let (mut found, mut again) = (false, None);
        for log in logs {
            let halt = match self.note(hooks, slice::from_ref(log), bound).await {
                Ok(any) => {
                    self.stuck.remove(&log.0);
                    found |= any;
                    continue;
                }
                Err(halt) if is_general(&halt) => return Err(halt),
                Err(halt) => halt,
            };
            let tries = self.stuck.entry(log.0.clone()).or_default();
            *tries += 1;
            let tries = *tries;
            if tries < TELL_TRIES {
                again = Some(halt);
                continue;
            }
            if tries == TELL_TRIES {
                tracing::warn!(conversation = %log.0, error = ?halt, "web hooks go on without what cannot be noted");
            }
            match self.pass_over(hooks, log, bound).await {
                Ok(any) => found |= any,
                Err(halt) if is_general(&halt) => return Err(halt),
                Err(halt) => again = Some(halt),
            }
        }
        Ok((found, again))
    }

    /// Notes what is new in a log entry by entry: those that cannot be read are left out, those that cannot be noted are
    /// noted as failed. Where even that fails it is not the entry's fault, and nothing is passed over.
    async fn pass_over(&mut self, hooks: &[Webhook], (id, told): &Grown, bound: Millis) -> Outcome<bool> {
        let shared = self.shared.clone();
        let c = {
            let mut tx = shared.store.read().await?;
            match conversation::get(&mut tx, id).await.map_err(Halt::from) {
                Ok(Some(c)) => c,
                Err(halt) if is_general(&halt) => return Err(halt),
                Ok(None) | Err(_) => return Ok(false),
            }
        };
        let known = self.places.get(id).copied().filter(|place| *place <= c.head);
        let entries = {
            let mut tx = shared.store.read().await?;
            readable(&mut tx, &c, known, *told, bound).await?
        };
        let now = shared.clock.now();
        let (mut found, mut noted) = (false, Vec::new());
        for entry in &entries {
            let Some(kind) = EventKind::of(entry) else { continue };
            let wanted = hooks.iter().filter(|hook| hook.wants(kind, entry.at));
            let all: Vec<Delivery> = wanted.map(|hook| delivery(hook, &c, entry, kind, now)).collect();
            if all.is_empty() {
                continue;
            }
            found = true;
            match put(&shared, &c, &all).await {
                Ok(()) => {}
                Err(halt) if is_general(&halt) => return Err(halt),
                Err(_) => {
                    let failed: Vec<Delivery> = all.iter().map(|one| failed(one, &c, entry)).collect();
                    put(&shared, &c, &failed).await?;
                }
            }
            noted.extend(all);
        }
        self.places.insert(c.id.clone(), c.head);
        self.count(&noted).await?;
        Ok(found)
    }
}

/// The entries of a log that are not noted, as [`super::new_entries`] has them, without those that cannot be read.
async fn readable(
    tx: &mut Tx,
    c: &Conversation,
    known: Option<i64>,
    told: Option<i64>,
    bound: Millis,
) -> Outcome<Vec<Entry>> {
    let least = known.unwrap_or_default();
    let told = known.is_none().then_some(told).flatten();
    let mut found = Vec::new();
    let mut seq = c.head;
    while seq > least {
        match entry::at(tx, &c.id, seq).await.map_err(Halt::from) {
            Ok(Some(entry)) => {
                let is_old = known.is_none() && entry.at < bound && told.is_none_or(|told| seq < told);
                if is_old {
                    break;
                }
                found.push(entry);
            }
            Err(halt) if is_general(&halt) => return Err(halt),
            Ok(None) => {}
            Err(error) => {
                tracing::warn!(conversation = %c.id, seq, ?error, "an entry cannot be read; no web hook is told of it");
            }
        }
        seq -= 1;
    }
    found.reverse();
    Ok(found)
}

/// What is kept of a delivery that cannot be noted: that it failed, and where it happened.
fn failed(one: &Delivery, c: &Conversation, entry: &Entry) -> Delivery {
    let place = json!({ "conversation": { "id": c.id }, "entry": { "id": entry.id, "seq": entry.seq } });
    Delivery {
        state: State::Failed,
        due_at: None,
        said: SAID.into(),
        body: body::of(one.event, entry.at, &place),
        ..one.clone()
    }
}

async fn put(shared: &std::sync::Arc<Shared>, c: &Conversation, all: &[Delivery]) -> Outcome<()> {
    let ids = [c.id.clone()];
    let written = write(shared, |cx: &mut Cx| {
        let (ids, all) = (ids.clone(), all.to_vec());
        Box::pin(async move { insert(cx, &ids, all, true).await })
    });
    Ok(written.await?)
}
