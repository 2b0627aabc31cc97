//! Messages and notes on their way to the dbmgr. Each lane, which is a hash of conversations, has one list under
//! way at a time; what comes meanwhile travels as the next one. So what one socket sends stays in its order, and
//! the busier a node is, the fewer requests it makes.

use crate::limits::{APPEND_BYTES, APPENDS_WAITING, CALL_DEADLINE};
use crate::link::Link;
use futures_util::FutureExt as _;
use std::collections::{HashMap, HashSet, VecDeque};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_domain::limits::BATCH_ROWS;
use switchboard_faults::{self as faults, Mutant};
use switchboard_wire::call::append::{Append, AppendEntries, Appended};
use switchboard_wire::{Failure, Problem, subject};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// Called once with what became of it.
pub(crate) type Told = Box<dyn FnOnce(Result<Appended, Failure>) + Send>;

/// All lanes of a node.
pub(crate) struct Appends {
    link: Arc<dyn Link>,
    lanes: Vec<Mutex<Lane>>,
}

#[derive(Default)]
struct Lane {
    waiting: VecDeque<(Append, Told)>,
    under_way: bool,
}

impl Appends {
    pub(crate) fn new(link: Arc<dyn Link>) -> Arc<Self> {
        let lanes = (0..subject::SHARDS).map(|_| Mutex::default()).collect();
        Arc::new(Self { link, lanes })
    }

    /// Sends it, after everything that was submitted before for the same conversation.
    pub(crate) fn submit(self: &Arc<Self>, append: Append, told: Told) {
        let number = subject::hash(&append.conversation) % subject::SHARDS;
        let Some(mut lane) = self.lane(number) else { return };
        if lane.waiting.len() >= APPENDS_WAITING {
            drop(lane);
            return told(Err(Failure::unavailable("too much is being written; try again shortly")));
        }
        lane.waiting.push_back((append, told));
        if !std::mem::replace(&mut lane.under_way, true) {
            drop(lane);
            tokio::spawn(Arc::clone(self).run(number));
        }
    }

    /// Sends it and waits.
    pub(crate) async fn append(self: &Arc<Self>, append: Append) -> Result<Appended, Failure> {
        let (sender, receiver) = oneshot::channel();
        let told: Told = Box::new(move |result| {
            // Whoever waited may have left.
            let _ = sender.send(result);
        });
        self.submit(append, told);
        receiver.await.unwrap_or_else(|_| Err(Failure::unavailable("it was not sent; try again")))
    }

    fn lane(&self, number: u32) -> Option<MutexGuard<'_, Lane>> {
        let lane = self.lanes.get(usize::try_from(number).ok()?)?;
        Some(lane.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Sends lists until nothing waits.
    async fn run(self: Arc<Self>, number: u32) {
        loop {
            let list = self.next(number);
            if list.is_empty() {
                return;
            }
            self.send(number, list).await;
        }
    }

    /// The next list; an empty one ends the run.
    fn next(&self, number: u32) -> Vec<(Append, Told)> {
        let Some(mut lane) = self.lane(number) else { return vec![] };
        let list = take(&mut lane.waiting);
        lane.under_way = !list.is_empty();
        list
    }

    async fn send(&self, number: u32, list: Vec<(Append, Told)>) {
        let (items, told): (Vec<Append>, Vec<Told>) = list.into_iter().unzip();
        let conversations: Vec<String> = items.iter().map(|item| item.conversation.clone()).collect();
        let sending = self.link.append(number, AppendEntries { items });
        let sending = timeout(CALL_DEADLINE, AssertUnwindSafe(sending).catch_unwind());
        let answer = match sending.await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Failure::new(Problem::Internal, "something broke; it is in the log")),
            Err(_) => Err(Failure::unavailable("no answer in time; try again with the same client_msg_id")),
        };
        match answer {
            Ok(results) if results.len() == told.len() => {
                for (conversation, failure) in undone(&conversations, &results) {
                    self.fail_behind(number, &HashSet::from([conversation]), &failure);
                }
                told.into_iter().zip(results).for_each(|(told, result)| told(result));
            }
            Ok(results) => {
                tracing::error!(
                    asked = told.len(),
                    answered = results.len(),
                    "a list of appends came back otherwise"
                );
                let failure = Failure::unavailable("the answer was not complete; try again");
                told.into_iter().for_each(|told| told(Err(failure.clone())));
                self.fail_behind(number, &conversations.into_iter().collect(), &failure);
            }
            Err(failure) => {
                told.into_iter().for_each(|told| told(Err(failure.clone())));
                self.fail_behind(number, &conversations.into_iter().collect(), &failure);
            }
        }
    }

    /// What waits behind in these conversations must not overtake what will be sent again.
    fn fail_behind(&self, number: u32, conversations: &HashSet<String>, failure: &Failure) {
        if faults::broken(Mutant::LaneOvertakes) {
            return;
        }
        let behind = self.lane(number).map(|mut lane| withdraw(&mut lane.waiting, conversations));
        behind.into_iter().flatten().for_each(|(_, told)| told(Err(failure.clone())));
    }
}

/// The conversations in which something was not done and will be sent again, and the first reason of each.
fn undone(conversations: &[String], results: &[Result<Appended, Failure>]) -> HashMap<String, Failure> {
    let mut undone = HashMap::new();
    for (conversation, result) in conversations.iter().zip(results) {
        if let Err(failure) = result
            && failure.problem.is_undone()
        {
            undone.entry(conversation.clone()).or_insert_with(|| failure.clone());
        }
    }
    undone
}

/// The next list: what waits, as far as it fits into one request.
fn take(waiting: &mut VecDeque<(Append, Told)>) -> Vec<(Append, Told)> {
    let mut bytes = 0;
    let fits = waiting.iter().take(BATCH_ROWS).take_while(|(append, _)| {
        bytes += append.text.len();
        bytes <= APPEND_BYTES
    });
    let count = fits.count().max(1).min(waiting.len());
    waiting.drain(..count).collect()
}

/// Takes out what belongs to these conversations.
fn withdraw(waiting: &mut VecDeque<(Append, Told)>, conversations: &HashSet<String>) -> Vec<(Append, Told)> {
    let all = std::mem::take(waiting).into_iter();
    let (out, stay): (Vec<_>, Vec<_>) =
        all.partition(|(append, _)| conversations.contains(&append.conversation));
    waiting.extend(stay);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::TokenHash;
    use switchboard_wire::Credential;
    use switchboard_wire::call::append::AppendKind;

    fn item(conversation: &str, bytes: usize) -> (Append, Told) {
        let append = Append {
            by: Credential::Visitor(TokenHash::of("t")),
            conversation: conversation.into(),
            kind: AppendKind::Message,
            client_msg_id: "0123456789abcdef".into(),
            text: "x".repeat(bytes),
            files: vec![],
            want_entry: false,
        };
        (append, Box::new(|_| ()))
    }

    #[test]
    fn a_list_ends_at_its_rows_and_at_its_bytes() {
        let mut many: VecDeque<_> = (0..BATCH_ROWS + 10).map(|_| item("c", 1)).collect();
        assert_eq!(
            (take(&mut many).len(), take(&mut many).len(), take(&mut many).len()),
            (BATCH_ROWS, 10, 0)
        );
        let mut large: VecDeque<_> = (0..3).map(|_| item("c", APPEND_BYTES / 2)).collect();
        assert_eq!((take(&mut large).len(), take(&mut large).len()), (2, 1));
        let mut huge: VecDeque<_> = [item("c", APPEND_BYTES + 1), item("c", 1)].into();
        assert_eq!(take(&mut huge).len(), 1, "one always goes");
    }

    #[test]
    fn only_what_will_be_sent_again_holds_up_what_follows() {
        let appended =
            || Appended { seq: 1, id: "e".into(), at: String::new(), repeated: false, entry: None };
        let results = [
            Ok(appended()),
            Err(Failure::not_found("conversation")),
            Err(Failure::unavailable("first")),
            Err(Failure::unavailable("second")),
            Err(Failure::rate_limited("full", 1)),
        ];
        let conversations = ["a", "b", "c", "c", "d"].map(String::from);
        let undone = undone(&conversations, &results);
        assert_eq!(undone.keys().collect::<HashSet<_>>(), conversations[2..].iter().collect());
        assert_eq!(undone["c"].detail, "first");
    }

    #[test]
    fn what_waits_behind_a_failure_fails_with_it_and_nothing_else() {
        let mut waiting: VecDeque<_> = [item("a", 1), item("b", 2), item("a", 3)].into();
        let out = withdraw(&mut waiting, &HashSet::from(["a".to_owned()]));
        assert_eq!(out.iter().map(|(a, _)| a.text.len()).collect::<Vec<_>>(), [1, 3]);
        assert_eq!(waiting.iter().map(|(a, _)| a.text.len()).collect::<Vec<_>>(), [2]);
    }
}
