//! Any dbmgr, over the bus.

use super::{Ask, Link};
use crate::limits::{BUS_PATIENCE, BUS_PAUSE, CALL_DEADLINE, LANE_LOOK};
use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use std::time::Duration;
use switchboard_bus::{Caller, FAILURE_HEADER, Message, RequestError, read_reply, write_call};
use switchboard_wire::call::append::{AppendEntries, Appended};
use switchboard_wire::{Call, Credential, Failure, Problem, subject};
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Any dbmgr, over the bus. Nobody is told when one dies with a request in hand; who waits for its answer finds out.
#[derive(Debug)]
pub struct Remote {
    caller: Caller,
    /// The incarnations that are alive, sorted.
    alive: watch::Sender<Vec<String>>,
}

impl Remote {
    /// Over this caller's bus.
    #[must_use]
    pub fn new(caller: Caller) -> Self {
        Self { caller, alive: watch::Sender::default() }
    }

    /// The dbmgr that takes this lane's appends; `None` while none has been heard of.
    fn lane(&self, lane: u32) -> Option<String> {
        choose(lane, &self.alive.borrow()).cloned()
    }

    /// Sends a list to one dbmgr. `None`: it is gone, perhaps with the list in hand, which it may have carried out.
    async fn send(
        &self,
        incarnation: &str,
        payload: Bytes,
        nothing: &Bytes,
    ) -> Option<Result<Message, RequestError>> {
        let subject = subject::append_lane(incarnation);
        let mut alive = self.alive.subscribe();
        // Frozen, or cut off: its beats are missed.
        let silent = alive.wait_for(|alive| alive.iter().all(|other| other != incarnation));
        let ended = async {
            // Twice: one that has just stopped to listen may still be answering what it has.
            let mut looks = 0;
            while looks < 2 {
                sleep(LANE_LOOK).await;
                let look = self.caller.request(&subject, nothing.clone(), LANE_LOOK).await;
                looks = if is_nobody(&look) { looks + 1 } else { 0 };
            }
        };
        tokio::select! {
            biased;
            answer = self.caller.request(&subject, payload, CALL_DEADLINE) => {
                (!is_nobody(&answer)).then_some(answer)
            }
            () = ended => None,
            _ = silent => None,
        }
    }

    /// Gives a list to the dbmgr of its lane, or to another one when that is gone.
    async fn append_once(&self, lane: u32, payload: &Bytes, nothing: &Bytes) -> Result<Message, Failure> {
        while let Some(incarnation) = self.lane(lane) {
            match self.send(&incarnation, payload.clone(), nothing).await {
                Some(answer) => return Ok(answer?),
                // It may have carried it out, which does no harm.
                None => self.forget(&incarnation),
            }
        }
        self.ask_anyone(AppendEntries::NAME, payload.clone(), true).await
    }

    /// Makes a call, whatever it is, to whoever is free; asks `again` when dbmgrs come and go. Boxed: it is compiled
    /// once and not for every call.
    fn ask_anyone(
        &self,
        name: &'static str,
        payload: Bytes,
        again: bool,
    ) -> BoxFuture<'_, Result<Message, Failure>> {
        Box::pin(async move {
            let subject = subject::call(name);
            let ask = |deadline| {
                let asked = self.caller.request(&subject, payload.clone(), deadline);
                async { Ok(asked.await?) }
            };
            if again { self.ask_again(ask).await } else { ask(CALL_DEADLINE).await }
        })
    }

    /// Asks whoever is free, and asks once more whenever a dbmgr has come or gone: it may have been the one that had it.
    /// That somebody has too much to do is no answer while another one may still give it. For what may be carried out
    /// twice.
    async fn ask_again<F>(&self, ask: impl Fn(Duration) -> F) -> Result<Message, Failure>
    where
        F: Future<Output = Result<Message, Failure>>,
    {
        let mut alive = self.alive.subscribe();
        let until = Instant::now() + CALL_DEADLINE;
        let ask = || ask(until.saturating_duration_since(Instant::now()));
        let mut asked = FuturesUnordered::from_iter([ask()]);
        loop {
            tokio::select! {
                biased;
                Some(answer) = asked.next() => {
                    if asked.is_empty() || !is_unavailable(&answer) {
                        return answer;
                    }
                }
                Ok(()) = alive.changed() => asked.push(ask()),
            }
        }
    }

    /// This one is not there any more, whatever its beats have said.
    fn forget(&self, incarnation: &str) {
        self.alive.send_if_modified(|alive| {
            let before = alive.len();
            alive.retain(|other| other != incarnation);
            alive.len() < before
        });
    }
}

impl<C: Call> Ask<C> for Remote {
    fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
        let payload = write_call(&by, &call);
        Box::pin(async move {
            read_reply::<C>(&self.ask_anyone(C::NAME, payload?, subject::is_query(C::NAME)).await?)
        })
    }
}

impl Link for Remote {
    fn append(
        &self,
        lane: u32,
        call: AppendEntries,
    ) -> BoxFuture<'_, Result<Vec<Result<Appended, Failure>>, Failure>> {
        Box::pin(async move {
            let write = |call| write_call(&Credential::Component, call);
            let (payload, nothing) = (write(&call)?, write(&AppendEntries { items: vec![] })?);
            // Each item is stored once, however often it is sent: what a broken bus has lost is sent again when it is
            // back, so that clients need not try, each at its own time, to meet it.
            let until = Instant::now() + BUS_PATIENCE;
            loop {
                match self.append_once(lane, &payload, &nothing).await {
                    Err(failure) if failure.problem == Problem::Unavailable && Instant::now() < until => {
                        sleep(BUS_PAUSE).await;
                    }
                    answer => return read_reply::<AppendEntries>(&answer?),
                }
            }
        })
    }

    fn alive(&self, incarnations: &[String]) {
        self.alive.send_if_modified(|alive| {
            let changed = alive.as_slice() != incarnations;
            incarnations.clone_into(alive);
            changed
        });
    }
}

fn is_nobody<T>(answer: &Result<T, RequestError>) -> bool {
    matches!(answer, Err(RequestError::NoResponders))
}

/// Nobody could answer, or somebody did that it cannot be done now.
fn is_unavailable(answer: &Result<Message, Failure>) -> bool {
    match answer {
        Ok(answer) => answer.headers.get(FAILURE_HEADER) == Some(Problem::Unavailable.name()),
        Err(failure) => failure.problem == Problem::Unavailable,
    }
}

/// Rendezvous hashing: when one dbmgr comes or goes, only its own lanes move, and every node that knows the same
/// ones chooses the same.
fn choose(lane: u32, alive: &[String]) -> Option<&String> {
    alive.iter().max_by_key(|incarnation| (subject::hash(&format!("{incarnation}/{lane}")), *incarnation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use switchboard_bus::{Bus, Local, Server, serve_calls};
    use switchboard_domain::TokenHash;
    use switchboard_wire::call::append::{Append, AppendKind};
    use switchboard_wire::call::edge::{Ping, Pong};
    use tokio::sync::Semaphore;
    use tokio::time::timeout;

    /// Far less than a call's deadline.
    const SOON: Duration = Duration::from_secs(3);

    /// A dbmgr that answers appends on this subject, or takes them and never answers.
    async fn appends(bus: &Arc<dyn Bus>, subject: &str, group: Option<&str>, answers: bool) -> Server {
        let handler = move |_, call: AppendEntries, _| async move {
            let appended =
                |_| Ok(Appended { seq: 1, id: "e".into(), at: String::new(), repeated: false, entry: None });
            if !answers && !call.items.is_empty() {
                return pending().await;
            }
            Ok(call.items.into_iter().map(appended).collect())
        };
        let limit = Arc::new(Semaphore::new(8));
        serve_calls::<AppendEntries, _, _>(Arc::clone(bus), subject, group, limit, handler).await.unwrap()
    }

    fn list() -> AppendEntries {
        let item = Append {
            by: Credential::Visitor(TokenHash::of("t")),
            conversation: "c".into(),
            kind: AppendKind::Message,
            client_msg_id: "0123456789abcdef".into(),
            text: "hello".into(),
            files: vec![],
            want_entry: false,
        };
        AppendEntries { items: vec![item] }
    }

    #[tokio::test]
    async fn what_a_dbmgr_takes_with_it_is_given_to_another_one_soon() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let remote = Remote::new(Caller::new(Arc::clone(&bus)).await.unwrap());
        remote.alive(&["a".to_owned()]);
        let dying = appends(&bus, &subject::append_lane("a"), None, false).await;
        let _other = appends(&bus, &subject::call(AppendEntries::NAME), Some("dbmgr"), true).await;
        let appending = remote.append(0, list());
        tokio::pin!(appending);
        let slow = timeout(LANE_LOOK * 3, &mut appending).await;
        assert!(slow.is_err(), "one that is there and slow is waited for");
        drop(dying);
        let answer = timeout(SOON, appending).await.expect("soon").unwrap();
        assert_eq!(answer.len(), 1);
    }

    #[tokio::test]
    async fn a_list_waits_for_a_dbmgr_that_comes_soon_and_not_for_ever() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let remote = Remote::new(Caller::new(Arc::clone(&bus)).await.unwrap());
        let nobody = timeout(BUS_PATIENCE + SOON, remote.append(0, list())).await.expect("soon");
        assert_eq!(nobody.unwrap_err().problem, Problem::Unavailable);
        let appending = remote.append(0, list());
        tokio::pin!(appending);
        assert!(timeout(BUS_PAUSE * 4, &mut appending).await.is_err());
        let _new = appends(&bus, &subject::call(AppendEntries::NAME), Some("dbmgr"), true).await;
        assert_eq!(timeout(SOON, appending).await.expect("soon").unwrap().len(), 1);
    }

    #[tokio::test]
    async fn what_a_dbmgr_has_whose_beats_are_missed_is_given_to_another_one() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let remote = Remote::new(Caller::new(Arc::clone(&bus)).await.unwrap());
        remote.alive(&["frozen".to_owned()]);
        let _frozen = appends(&bus, &subject::append_lane("frozen"), None, false).await;
        let _other = appends(&bus, &subject::append_lane("other"), None, true).await;
        let appending = remote.append(0, list());
        tokio::pin!(appending);
        assert!(timeout(LANE_LOOK * 3, &mut appending).await.is_err());
        remote.alive(&["other".to_owned()]);
        assert_eq!(timeout(SOON, appending).await.expect("soon").unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_question_is_asked_again_when_a_dbmgr_comes_or_goes() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let remote = Remote::new(Caller::new(Arc::clone(&bus)).await.unwrap());
        remote.alive(&["a".to_owned()]);
        let subject = subject::call(Ping::NAME);
        let limit = || Arc::new(Semaphore::new(8));
        let never = |_, _: Ping, _| pending();
        let dying = serve_calls::<Ping, _, _>(Arc::clone(&bus), &subject, Some("dbmgr"), limit(), never);
        let dying = dying.await.unwrap();
        let asking = remote.ask(Credential::Component, Ping {});
        tokio::pin!(asking);
        assert!(timeout(Duration::from_millis(200), &mut asking).await.is_err());
        // What it has it keeps, as a killed one does.
        assert!(!dying.drain(Duration::from_millis(200)).await);
        let at_once = |_, _: Ping, _| async { Ok(Pong { epoch: "e".into(), durable: true }) };
        let new = serve_calls::<Ping, _, _>(Arc::clone(&bus), &subject, Some("dbmgr"), limit(), at_once);
        let _new = new.await.unwrap();
        remote.alive(&["b".to_owned()]);
        timeout(SOON, asking).await.expect("soon").unwrap();
    }

    #[tokio::test]
    async fn one_that_has_too_much_to_do_does_not_answer_for_one_that_is_at_work() {
        let bus: Arc<dyn Bus> = Arc::new(Local::new());
        let remote = Remote::new(Caller::new(Arc::clone(&bus)).await.unwrap());
        remote.alive(&["a".to_owned()]);
        let subject = subject::call(Ping::NAME);
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let handler = move |_, _: Ping, _| {
            let first = counted.fetch_add(1, Ordering::SeqCst) == 0;
            async move {
                if !first {
                    return Err(Failure::unavailable("too much to do"));
                }
                sleep(Duration::from_millis(300)).await;
                Ok(Pong { epoch: "e".into(), durable: true })
            }
        };
        let limit = Arc::new(Semaphore::new(8));
        let _server =
            serve_calls::<Ping, _, _>(Arc::clone(&bus), &subject, None, limit, handler).await.unwrap();
        let asking = remote.ask(Credential::Component, Ping {});
        tokio::pin!(asking);
        assert!(timeout(Duration::from_millis(100), &mut asking).await.is_err());
        remote.alive(&["a".to_owned(), "b".to_owned()]);
        timeout(SOON, asking).await.expect("soon").unwrap();
        assert_eq!(asked.load(Ordering::SeqCst), 2, "it was asked once more");
        let busy = remote.ask(Credential::Component, Ping {}).await.unwrap_err();
        assert_eq!(busy.problem, Problem::Unavailable, "when nobody else is at work it is the answer");
    }

    fn names(n: usize) -> Vec<String> {
        (0..n).map(|i| format!("incarnation-{i}")).collect()
    }

    #[test]
    fn lanes_are_chosen_alike_whatever_the_order_and_move_only_with_their_dbmgr() {
        let three = names(3);
        let mut shuffled = three.clone();
        shuffled.reverse();
        let without: Vec<String> = three[..2].to_vec();
        let mut used = std::collections::BTreeSet::new();
        for lane in 0..64 {
            let before = choose(lane, &three);
            assert_eq!(before, choose(lane, &shuffled));
            used.insert(before);
            if before != Some(&three[2]) {
                assert_eq!(before, choose(lane, &without), "lane {lane} moved without need");
            }
        }
        assert_eq!(used.len(), 3, "every dbmgr takes a part");
        assert_eq!(choose(1, &[]), None);
    }
}
