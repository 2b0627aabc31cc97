//! One batch, one transaction, a constant number of statements: lock those who write, lock the conversations, decide
//! each item in order, insert all entries, write all conversations, commit, tell.
//!
//! Whether an item is stored already is asked only when there is reason to: the unique key would refuse it, and then
//! the batch runs again and looks first. Repeats come together, after something has died, so one that is met makes the
//! next batches look as well.
//!
//! Nobody waits for a lock here: what another transaction has locked is held for one of the next batches, and the
//! others go on.

use super::entrance::{Entrant, admitted, entrants};
use super::item::{By, Item};
use super::room::{Judged, Room};
use super::{Answer, broken};
use crate::act::{self, Saved};
use crate::limits;
use crate::shared::Shared;
use crate::tally::Tally;
use std::collections::{HashMap, HashSet};
use switchboard_domain::Millis;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::{Error, Tx};
use switchboard_wire::call::append::AppendKind;
use switchboard_wire::notice::Notice;
use switchboard_wire::view::Line;

/// What earlier runs of the same batch leave behind.
#[derive(Debug, Default)]
pub(super) struct Runs {
    /// How many there were.
    pub(super) count: u32,
    /// Whether the outcome of one of them is unknown.
    pub(super) unknown: bool,
    /// Whether to find out first what is stored already.
    pub(super) look: bool,
    /// The entries of a commit whose outcome is unknown.
    pub(super) tried: HashSet<String>,
}

/// How a batch went for one of its items.
pub(super) enum Verdict {
    /// This is known.
    Answered(Answer),
    /// Nothing was done, because another transaction has locked what it needs: it belongs into the next batch, before
    /// all that came later.
    Held,
}

/// Commits a batch and tells what happened; says of each item, in order, how it went.
pub(super) async fn commit(shared: &Shared, items: &[Item], runs: &mut Runs) -> Result<Vec<Verdict>, Error> {
    let mut tx = shared.store.write_batch().await?;
    let mut tally = Tally::default();
    let done = match fill(&mut tx, shared, items, runs, &mut tally).await {
        Ok(done) => done,
        Err(error) => {
            tx.rollback().await;
            return Err(error);
        }
    };
    // Who repeats is told what somebody else has written.
    let unsettled = tx.unsettled(shared.clock.now());
    if let Err(error) = broken::commit(tx).await {
        if matches!(error, Error::CommitUnknown(_)) {
            // The next run tells again what it finds; if there is none, the readers look for themselves.
            shared.relay.lose(&done.saved.iter().flat_map(Saved::notices).collect::<Vec<_>>());
            let lines = done.saved.into_iter().flat_map(|saved| saved.lines);
            runs.tried.extend(lines.map(|line| line.id));
        }
        return Err(error);
    }
    tally.committed();
    if unsettled {
        shared.settle().await?;
    }
    let mut notices: Vec<Notice> = done.saved.iter().flat_map(Saved::notices).collect();
    notices.extend(done.again);
    shared.relay.tell(&notices);
    watch(shared, items, &done.judged);
    let lines: HashMap<&str, &Line> =
        done.saved.iter().flat_map(|saved| &saved.lines).map(|line| (line.id.as_str(), line)).collect();
    let answer = |(item, judged): (&Item, Judged)| match judged {
        Judged::Held => Verdict::Held,
        Judged::Refused(failure) => Verdict::Answered(Err(failure)),
        Judged::Stored(place) => {
            let entry = lines.get(place.id.as_str()).filter(|_| item.want_entry);
            Verdict::Answered(Ok(place.appended(false, entry.map(|line| line.entry.clone()))))
        }
        Judged::Repeated(place, line) => {
            let fresh = runs.tried.contains(place.id.as_str());
            let entry = line.or_else(|| lines.get(place.id.as_str()).map(|line| line.entry.clone()));
            Verdict::Answered(Ok(place.appended(!fresh, entry.filter(|_| item.want_entry))))
        }
    };
    Ok(items.iter().zip(done.judged).map(answer).collect())
}

/// Replies of people are looked at later: has the visitor seen them? Those found to be stored already too, for whoever
/// stored them may not have heard of it.
fn watch(shared: &Shared, items: &[Item], judged: &[Judged]) {
    let Some(mail) = &shared.mail else { return };
    for (item, judged) in items.iter().zip(judged) {
        let is_reply = item.kind == AppendKind::Message && matches!(item.by, By::Staff(_));
        if is_reply && matches!(judged, Judged::Stored(_) | Judged::Repeated(..)) {
            mail.note(&item.conversation, shared.clock.now());
        }
    }
}

/// What a transaction has done so far.
struct Done {
    judged: Vec<Judged>,
    saved: Vec<Saved>,
    /// Notices of an earlier run, whose commit came through unseen.
    again: Vec<Notice>,
}

async fn fill(
    tx: &mut Tx,
    shared: &Shared,
    items: &[Item],
    runs: &Runs,
    tally: &mut Tally,
) -> Result<Done, Error> {
    let now = shared.clock.now();
    let entrants = entrants(tx, shared, items, now).await?;
    let mut room = Room::load(tx, items, &entrants, now).await?;
    if runs.look {
        let all: Vec<_> = admitted(items, &entrants).map(|(_, item, who)| (item, who)).collect();
        room.look(tx, &all).await?;
    }
    let mut judged = Vec::with_capacity(items.len());
    for (item, entrant) in items.iter().zip(&entrants) {
        judged.push(match entrant {
            Entrant::Let(who) => room.judge(item, who, now, shared),
            Entrant::Refused(failure) => Judged::Refused(failure.clone()),
            Entrant::Held => Judged::Held,
        });
    }
    if !runs.look {
        room.look_at_refused(tx, items, &entrants, &mut judged).await?;
    }
    // A commit whose outcome was unknown may come through after its batch was given up; then a client's retry is the
    // first to find it, and the readers have not heard of it.
    let since = match () {
        () if faults::broken(Mutant::UnknownCommitForgotten) => Millis::MAX,
        () if runs.unknown => Millis::MIN,
        () => now - limits::RETELL_MS,
    };
    let again = room.told_again(since);
    room.keep_files(tx).await?;
    let saved = act::write(tx, room.into_acts(), tally).await?;
    Ok(Done { judged, saved, again })
}
