//! The past, given to a reader before the present: one replay after the other for each socket, at the socket's own
//! pace.

use super::topic::Splice;
use crate::edge::Shared;
use crate::limits::FOLLOWED_OTHERS;
use crate::link::{Ask, Link};
use crate::socket::bye::{Bye, encode, jitter};
use crate::socket::channel::Frame;
use crate::socket::outbox::Weight;
use crate::socket::reader::{Reader, Wanted, Who, Why};
use std::sync::Arc;
use std::time::Duration;
use switchboard_domain::ConversationId;
use switchboard_wire::call::edge::{Follow, Followed, GetLines, Lines};
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::view::{Audience, FollowState, FromServer, Line, Nack};
use switchboard_wire::{Call, Credential, Failure, Problem};
use tokio::time::sleep;

/// How often a dbmgr that is away is asked again.
const AGAIN_EVERY: Duration = Duration::from_secs(1);
/// How often before the socket is told to come back later.
const TRIES: usize = 10;

/// Queues a replay, and sees to it that somebody works on it.
pub(crate) fn want(edge: &Shared, reader: &Arc<Reader>, wanted: Wanted) {
    let asked = matches!(wanted, Wanted::Resume(_));
    match reader.want(wanted) {
        Some(true) => {
            tokio::spawn(run(Arc::clone(edge), Arc::clone(reader)));
        }
        Some(false) => {}
        // The client knows nothing of this one, so that it could not ask again.
        None if !asked => reader.outbox.end(Bye::try_later(&*edge.rng)),
        None => refuse(reader, Nack::RateLimited, "too many conversations are being resumed; wait a moment"),
    }
}

fn refuse(reader: &Reader, code: Nack, detail: &str) {
    let retry_after = (code == Nack::RateLimited).then_some(1.0);
    let nack = FromServer::Nack { client_msg_id: None, code, detail: detail.into(), retry_after };
    reader.push(Weight::Must, &encode(&nack));
}

async fn run(edge: Shared, reader: Arc<Reader>) {
    while let Some(wanted) = reader.next_wanted() {
        if reader.outbox.is_over() {
            continue;
        }
        let done = match wanted {
            Wanted::Resume(place) => resume(&edge, &reader, place).await,
            Wanted::After(id, after) => read_on(&edge, &reader, &id, after, true).await,
        };
        if let Err(failure) = done {
            tracing::debug!(%failure, "a replay cannot be done");
            reader.outbox.end(Bye::try_later(&*edge.rng));
        }
    }
}

async fn resume(edge: &Shared, reader: &Arc<Reader>, place: FollowState) -> Result<(), Failure> {
    let reset = |reason: &str| {
        let conversation = place.conversation.clone();
        reader.push(Weight::Must, &encode(&FromServer::Reset { conversation, reason: reason.into() }));
    };
    let Ok(id) = place.conversation.parse::<ConversationId>() else {
        reset("not_found");
        return Ok(());
    };
    let known = reader.followed().get(&id).copied();
    // Nothing that it has counts, but it goes on from the present all the same.
    let stale = place.epoch.is_some() && place.epoch != edge.hub.epoch();
    if known.is_none() && others(reader) >= FOLLOWED_OTHERS {
        refuse(reader, Nack::Invalid, "at most 20 conversations of others can be followed; leave one first");
        return Ok(());
    }
    // Subscribe first, then read.
    edge.hub.begin(reader, &id, known.unwrap_or(Why::Asked));
    let last_id = place.last_id.clone();
    // Whoever follows it already was allowed to, and most who come back lack little.
    let held = |last_id: &String| {
        edge.hub.with(&id, |topic| topic.holds(place.last_seq, last_id, reader.audience()))
    };
    if known.is_some() && place.epoch.is_some() && !stale && last_id.as_ref().and_then(held) == Some(true) {
        return read_on(edge, reader, &id, place.last_seq, false).await;
    }
    let call = || Follow {
        conversation: place.conversation.clone(),
        last_seq: if stale { 0 } else { place.last_seq },
        last_id: last_id.clone().filter(|_| !stale),
    };
    let Followed { state, reset: unfit, lines, more } =
        match patiently(edge, reader, reader.credential(), call).await {
            Ok(followed) => followed,
            Err(failure) if failure.problem == Problem::Unavailable => return Err(failure),
            Err(_) => {
                edge.hub.leave(reader, &id);
                reset("not_found");
                return Ok(());
            }
        };
    let own = reader.owns(&state.conversation);
    let why = if own { Why::Own } else { Why::Asked };
    reader.followed().entry(id.clone()).and_modify(|known| *known = why);
    edge.hub.admit(edge, reader, &id, &state);
    let mut at = state.conversation.head;
    let unfit = if stale { Some("epoch".to_owned()) } else { unfit };
    let more = more && unfit.is_none();
    match unfit {
        Some(reason) => reset(&reason),
        None => {
            if !own {
                reader.push(Weight::Must, super::states::Frames::of(&state).frame(reader.audience()));
            }
            if !give(reader, &id, &lines).await {
                return Ok(());
            }
            if more {
                at = lines.last().map_or(place.last_seq, |line| line.seq);
            }
        }
    }
    read_on(edge, reader, &id, at, more).await
}

/// Gives what comes after `at`, reading it if there is `more`, until the present is reached.
async fn read_on(
    edge: &Shared,
    reader: &Arc<Reader>,
    id: &ConversationId,
    mut at: i64,
    mut more: bool,
) -> Result<(), Failure> {
    loop {
        if !more {
            // What the ring still has comes at once.
            if !reader.outbox.room().await {
                return Ok(());
            }
            match edge.hub.splice(edge, reader, id, at) {
                Splice::Live(_) | Splice::Gone => return Ok(()),
                Splice::ReadOn => {}
            }
        }
        // Staff's lines without gaps, so that it is known where the present begins; a visitor is given what is
        // public of them.
        let call = || GetLines { conversation: id.to_string(), after: at, audience: Audience::Staff };
        let Lines { lines, more: further } = patiently(edge, reader, Credential::Component, call).await?;
        if lines.is_empty() && !more {
            // The ring knows of entries that the database does not have: it was restored.
            edge.hub.with(id, |topic| topic.settle());
            reader.outbox.end(Bye::restart(&*edge.rng));
            return Ok(());
        }
        if !give(reader, id, &lines).await {
            return Ok(());
        }
        at = lines.last().map_or(at, |line| line.seq);
        more = further;
    }
}

/// Gives lines as there is room; `false` when the socket is gone.
async fn give(reader: &Reader, id: &ConversationId, lines: &[Line]) -> bool {
    let staff = reader.audience() == Audience::Staff;
    for line in lines.iter().filter(|line| staff || line.public) {
        if !reader.outbox.room().await {
            return false;
        }
        reader.push(Weight::Replay, &Frame::from(EntryNotice::of(id.clone(), line).frame));
    }
    true
}

/// How many conversations of others an agent follows; a visitor's are all own.
fn others(reader: &Reader) -> usize {
    match reader.who {
        Who::Visitor { .. } => 0,
        Who::Agent(_) => reader.followed().values().filter(|why| **why == Why::Asked).count(),
    }
}

/// Asks again for a while when database or bus are away.
async fn patiently<C: Call>(
    edge: &Shared,
    reader: &Reader,
    by: Credential,
    call: impl Fn() -> C,
) -> Result<C::Reply, Failure>
where
    dyn Link: Ask<C>,
{
    let mut tries = 0;
    loop {
        let answer = {
            let _turn = edge.hub.questions.acquire().await;
            edge.ask(by.clone(), call()).await
        };
        match answer {
            Err(failure) if again(&failure, tries, reader) => sleep(pause(edge)).await,
            answer => return answer,
        }
        tries += 1;
    }
}

fn again(failure: &Failure, tries: usize, reader: &Reader) -> bool {
    failure.problem == Problem::Unavailable && tries < TRIES && !reader.outbox.is_over()
}

fn pause(edge: &Shared) -> Duration {
    AGAIN_EVERY / 2 + jitter(&*edge.rng, AGAIN_EVERY)
}
