//! Gives waiting conversations to agents, and tells the others their places.

mod board;
mod pace;
mod places;

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use switchboard_domain::assignment::{Candidate, Waiting, plan};
use switchboard_wire::call::router::{Assign, GetBoard};
use switchboard_wire::notice::{Notice, Queue};
use switchboard_wire::{Failure, Problem};
use tokio::time::{Instant, sleep, timeout_at};

use crate::calls::Calls;
use crate::limits::{
    ASSIGN_AT_ONCE, ASSIGN_CROWD, ASSIGN_GATHER, ASSIGN_WHILE_IDLE, ASSIGN_WHILE_WAITING, CALL_AGAIN,
    PLACES_PER_NOTICE,
};
use crate::room::Room;
use board::Seen;
use places::Places;

/// Reads the board whenever it may have changed, for ever. While many wait, only the queues that somebody could take from
/// are read after a hint, so that nobody waits because many wait for others; and all of it now and then, to tell everybody
/// their places and for hints that were lost.
pub(crate) async fn run<C: Calls>(room: Arc<Room<C>>) {
    let mut places = Places::default();
    let (mut whole, mut whole_at, mut whole_took) = (true, Instant::now(), Duration::ZERO);
    loop {
        let begun = Instant::now();
        let crowded = match look(&room, whole.then_some(&mut places)).await {
            Ok(queued) => queued > ASSIGN_CROWD,
            Err(failure) => {
                tracing::debug!(%failure, "the board cannot be read");
                sleep(CALL_AGAIN).await;
                continue;
            }
        };
        let took = begun.elapsed();
        if whole {
            (whole_at, whole_took) = (begun, took);
        }
        let every = if room.anybody_waits() { ASSIGN_WHILE_WAITING } else { ASSIGN_WHILE_IDLE };
        // A board that is slow to read is read less often; half of the time at most.
        let due = whole_at + every.max(whole_took * 2);
        let _ = timeout_at(due, room.board_changed()).await;
        sleep(if whole && crowded { ASSIGN_GATHER } else { ASSIGN_GATHER.max(took) }).await;
        whole = !crowded || Instant::now() >= due;
    }
}

/// Hands out what can be; with `places` the whole board is read, and they are told. Answers how many waited.
async fn look<C: Calls>(room: &Room<C>, places: Option<&mut Places>) -> Result<i64, Failure> {
    let board = room.calls.ask(GetBoard { within_reach: places.is_none() }).await?;
    let Seen { waiting, closed, agents } = {
        let mut leases = room.leases();
        leases.set_on_duty(board.agents.iter().map(|agent| agent.agent.clone()));
        let now = Instant::now();
        board::read(&board, |agent| leases.is_here(agent, now))
    };
    let pairs = plan(&waiting, &agents);
    let given = give(room, &waiting, &agents, &pairs).await;
    let Some(places) = places else {
        let given = given.iter().filter(|given| **given).count();
        // Whoever is left is told so at the next look at everything.
        room.set_anybody_waits(usize::try_from(board.queued).is_ok_and(|queued| queued > given));
        return Ok(board.queued);
    };
    let left = waiting.iter().enumerate().filter(|(index, _)| !given[*index]).map(|(_, waiting)| waiting);
    let left: Vec<_> = left.chain(&closed).map(|w| (w.conversation.clone(), w.team.clone())).collect();
    // As it was read: more than one page may wait, and what was given brings another look. Who waits for a team to
    // open is found at the slow look.
    room.set_anybody_waits(!waiting.is_empty());
    #[expect(clippy::cast_precision_loss, reason = "a gauge")]
    metrics::gauge!("switchboard_queue_length").set(left.len() as f64);
    let told = places.update(&left, Instant::now());
    for places in told.chunks(PLACES_PER_NOTICE) {
        room.tell(&Notice::Queue(Queue { places: places.to_vec() })).await;
    }
    Ok(board.queued)
}

/// Carries out a plan; says of each of the waiting whether somebody has it now. What is refused has changed since the
/// board was read, and its own notice brings the next look.
async fn give<C: Calls>(
    room: &Room<C>,
    waiting: &[Waiting],
    agents: &[Candidate],
    pairs: &[(usize, usize)],
) -> Vec<bool> {
    let mut calls = Vec::with_capacity(pairs.len());
    for &(w, a) in pairs {
        let conversation = waiting[w].conversation.to_string();
        let assign = Assign { conversation, fence: waiting[w].fence, agent: agents[a].agent.to_string() };
        calls.push(async move { (w, room.calls.ask(assign).await) });
    }
    let answers: Vec<_> = stream::iter(calls).buffer_unordered(ASSIGN_AT_ONCE).collect().await;
    let mut given = vec![false; waiting.len()];
    for (index, answer) in answers {
        let conversation = &waiting[index].conversation;
        let result = match answer {
            Ok(()) => {
                given[index] = true;
                "given"
            }
            Err(failure) if failure.problem == Problem::Unavailable => "unavailable",
            Err(failure) => {
                tracing::debug!(%conversation, %failure, "an assignment was refused");
                "refused"
            }
        };
        metrics::counter!("switchboard_assignments_total", "result" => result).increment(1);
    }
    given
}
