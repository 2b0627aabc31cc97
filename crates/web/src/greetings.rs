//! Visitors' hellos on their way to the dbmgr. A few lists are under way at a time, and what comes meanwhile travels as
//! the next one: one visitor is greeted at once, and ten thousand who come back together cost a few hundred questions.

use crate::edge::Shared;
use crate::follow::recent::Mark;
use crate::limits::{GREETERS, GREETINGS, ROOM_GROWS};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_wire::call::edge::{Arrival, GreetMany, Welcomed};
use switchboard_wire::{Credential, Failure, Problem};
use tokio::sync::oneshot;

/// What became of a hello, and the moment before the database was looked into.
pub(crate) type Greeted = (Mark, Result<Welcomed, Failure>);

/// Hellos that wait. Each belongs to an open connection, so their number is bounded.
#[derive(Debug, Default)]
pub(crate) struct Greetings {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    waiting: VecDeque<Waiting>,
    under_way: usize,
    room: Room,
}

/// How many are asked about at a time. What does not fit into an answer was read for nothing, so after an answer that was
/// full the next list is as long as that, and longer again bit by bit.
#[derive(Debug)]
struct Room(usize);

impl Default for Room {
    fn default() -> Self {
        Self(GREETINGS)
    }
}

impl Room {
    fn learn(&mut self, asked: usize, answered: usize) {
        self.0 = if answered < asked {
            answered.max(1)
        } else {
            (self.0 + self.0.div_ceil(ROOM_GROWS)).min(GREETINGS)
        };
    }
}

#[derive(Debug)]
struct Waiting {
    arrival: Arrival,
    told: oneshot::Sender<Greeted>,
}

impl Greetings {
    /// Greets a visitor, together with whoever else has come.
    pub(crate) async fn greet(&self, edge: &Shared, arrival: Arrival) -> Greeted {
        let (told, answer) = oneshot::channel();
        let free = {
            let mut inner = self.lock();
            inner.waiting.push_back(Waiting { arrival, told });
            let free = inner.under_way < GREETERS;
            inner.under_way += usize::from(free);
            free
        };
        if free {
            tokio::spawn(run(Arc::clone(edge)));
        }
        let lost = || (edge.hub.mark(), Err(Failure::unavailable("nobody could be asked; try again")));
        answer.await.unwrap_or_else(|_| lost())
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next list; `None` ends a run.
    fn next(&self) -> Option<Vec<Waiting>> {
        let mut inner = self.lock();
        // Whoever has left meanwhile needs no answer.
        inner.waiting.retain(|waiting| !waiting.told.is_closed());
        let count = inner.waiting.len().min(inner.room.0);
        if count == 0 {
            inner.under_way -= 1;
            return None;
        }
        Some(inner.waiting.drain(..count).collect())
    }

    /// These were left out of an answer that was full: they come first next time.
    fn put_back(&self, list: impl DoubleEndedIterator<Item = Waiting>) {
        let mut inner = self.lock();
        list.rev().for_each(|waiting| inner.waiting.push_front(waiting));
    }
}

/// Asks list after list until nobody waits.
async fn run(edge: Shared) {
    while let Some(list) = edge.greetings.next() {
        ask(&edge, list).await;
    }
}

async fn ask(edge: &Shared, list: Vec<Waiting>) {
    let visitors = list.iter().map(|waiting| waiting.arrival.clone()).collect();
    let mark = edge.hub.mark();
    match edge.ask(Credential::Component, GreetMany { visitors }).await {
        Ok(answers) if !answers.is_empty() && answers.len() <= list.len() => {
            edge.greetings.lock().room.learn(list.len(), answers.len());
            let mut list = list.into_iter();
            for (answer, waiting) in answers.into_iter().zip(list.by_ref()) {
                tell(waiting, mark, answer);
            }
            edge.greetings.put_back(list);
        }
        Ok(answers) => {
            tracing::error!(asked = list.len(), answered = answers.len(), "greetings came back otherwise");
            let failure = Failure::new(Problem::Internal, "the answer was not complete; try again");
            list.into_iter().for_each(|waiting| tell(waiting, mark, Err(failure.clone())));
        }
        Err(failure) => list.into_iter().for_each(|waiting| tell(waiting, mark, Err(failure.clone()))),
    }
}

fn tell(waiting: Waiting, mark: Mark, answer: Result<Welcomed, Failure>) {
    // Whoever asked may have left.
    let _ = waiting.told.send((mark, answer));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_as_long_as_answers_are_and_grows_again() {
        let mut room = Room::default();
        assert_eq!(room.0, GREETINGS);
        room.learn(GREETINGS, 40);
        assert_eq!(room.0, 40);
        room.learn(40, 40);
        assert_eq!(room.0, 45);
        (0..100).for_each(|_| room.learn(1, 1));
        assert_eq!(room.0, GREETINGS);
        room.learn(2, 0);
        assert_eq!(room.0, 1);
        room.learn(1, 1);
        assert_eq!(room.0, 2);
    }
}
