use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use serde::{Deserialize, Serialize};
use switchboard_bus::{Caller, Headers, Incoming, Message, RequestError, serve, serve_calls};
use switchboard_wire::call::Access;
use switchboard_wire::{Call, Credential, Failure, Problem, subject};
use tokio::sync::{Notify, Semaphore};
use tokio::time::timeout;

use crate::world::{PATIENCE, World, text};

/// A call of the tests' own.
#[derive(Debug, Serialize, Deserialize)]
struct Halve {
    number: i64,
}

impl Call for Halve {
    const NAME: &'static str = "qry.halve";
    const ACCESS: Access = Access::ANYONE;
    type Reply = i64;
}

async fn halve(by: Credential, call: Halve) -> Result<i64, Failure> {
    if by != Credential::Component {
        return Err(Failure::unauthenticated());
    }
    if call.number % 2 != 0 {
        return Err(Failure::invalid("number", "is odd"));
    }
    Ok(call.number / 2)
}

fn limit(permits: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(permits))
}

async fn echo(incoming: Incoming) -> Result<bytes::Bytes, Failure> {
    Ok(incoming.message.payload)
}

pub async fn a_call_is_answered_or_refused_with_reasons(world: World) {
    let (front, back) = (world.connect().await, world.connect().await);
    let at = subject::call(Halve::NAME);
    let server =
        serve_calls(back.clone(), &at, Some("dbmgr"), limit(8), |by, call, _| halve(by, call)).await.unwrap();
    back.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(front.clone()).await.unwrap();
    let component = Credential::Component;
    assert_eq!(caller.call(&component, &Halve { number: 42 }, PATIENCE).await, Ok(21));
    let refused = caller.call(&component, &Halve { number: 7 }, PATIENCE).await.unwrap_err();
    assert_eq!(refused, Failure::invalid("number", "is odd"));
    let refused = caller.call(&Credential::Nobody, &Halve { number: 42 }, PATIENCE).await.unwrap_err();
    assert_eq!(refused.problem, Problem::Unauthenticated);
    let unread = caller.request(&at, "{\"by\":1}", PATIENCE).await.unwrap();
    let failure: Failure = serde_json::from_slice(&unread.payload).unwrap();
    assert_eq!(failure.problem, Problem::BadRequest);
    assert_eq!(caller.waiting(), 0);
    assert!(server.drain(PATIENCE).await);
    let gone = caller.call(&component, &Halve { number: 42 }, PATIENCE).await.unwrap_err();
    assert_eq!(gone.problem, Problem::Unavailable);
    assert!(gone.retry_after_ms.is_some());
}

pub async fn ten_thousand_calls_at_once_each_get_their_own_answer(world: World) {
    const CALLS: i64 = 10_000;
    let (front, back) = (world.connect().await, world.connect().await);
    let at = subject::call(Halve::NAME);
    let _server =
        serve_calls(back.clone(), &at, None, limit(10_000), |by, call, _| halve(by, call)).await.unwrap();
    back.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(front).await.unwrap();
    let begin = Instant::now();
    let answers = join_all((0..CALLS).map(|number| {
        let caller = caller.clone();
        async move { caller.call(&Credential::Component, &Halve { number: number * 2 }, PATIENCE).await }
    }))
    .await;
    eprintln!("{CALLS} calls in {:?}", begin.elapsed());
    for (number, answer) in answers.into_iter().enumerate() {
        assert_eq!(answer, Ok(i64::try_from(number).unwrap()));
    }
    assert_eq!(caller.waiting(), 0);
}

pub async fn beyond_the_limit_is_said_at_once(world: World) {
    let bus = world.connect().await;
    let (open, gate) = tokio::sync::watch::channel(false);
    let (begun, mut began) = tokio::sync::watch::channel(0);
    let server = serve(bus.clone(), "slow", None, limit(2), move |incoming| {
        let mut gate = gate.clone();
        begun.send_modify(|count| *count += 1);
        async move {
            gate.wait_for(|open| *open).await.map_err(|_| Failure::not_found("gate"))?;
            Ok(incoming.message.payload)
        }
    })
    .await
    .unwrap();
    bus.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(bus).await.unwrap();
    let ask = |caller: Caller| async move { caller.request("slow", "work", PATIENCE).await };
    let held = [tokio::spawn(ask(caller.clone())), tokio::spawn(ask(caller.clone()))];
    began.wait_for(|count| *count == 2).await.unwrap();
    let begin = Instant::now();
    let busy = caller.request("slow", "one more", PATIENCE).await.unwrap();
    assert!(begin.elapsed() < Duration::from_secs(1));
    let failure: Failure = serde_json::from_slice(&busy.payload).unwrap();
    assert_eq!((failure.problem, failure.retry_after_ms.is_some()), (Problem::Unavailable, true));
    // Draining waits for what is in hand.
    let draining = tokio::spawn(server.drain(PATIENCE));
    open.send(true).unwrap();
    for held in held {
        assert_eq!(text(&held.await.unwrap().unwrap()), "work");
    }
    assert!(draining.await.unwrap());
}

pub async fn a_panic_and_a_giant_answer_are_failures(world: World) {
    let bus = world.connect().await;
    let _panics = serve(bus.clone(), "panics", None, limit(2), |incoming: Incoming| async move {
        assert!(incoming.message.payload.is_empty(), "told to panic");
        Ok(vec![b'x'; switchboard_bus::MAX_MESSAGE_BYTES + 1].into())
    })
    .await
    .unwrap();
    bus.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(bus).await.unwrap();
    for payload in ["panic", "", "panic"] {
        let answer = caller.request("panics", payload, PATIENCE).await.unwrap();
        let failure: Failure = serde_json::from_slice(&answer.payload).unwrap();
        assert_eq!(failure.problem, Problem::Internal, "the permit is given back each time");
    }
}

pub async fn who_gives_up_leaves_nothing_behind(world: World) {
    let bus = world.connect().await;
    let deadlines = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&deadlines);
    let _never = serve(bus.clone(), "never", None, limit(100), move |incoming| {
        let left = incoming.until.saturating_duration_since(tokio::time::Instant::now());
        seen.fetch_max(usize::try_from(left.as_millis()).unwrap(), Ordering::Relaxed);
        std::future::pending()
    })
    .await
    .unwrap();
    bus.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(bus).await.unwrap();
    let patience = Duration::from_secs(1);
    let late = caller.request("never", "", patience).await;
    assert_eq!(late, Err(RequestError::Timeout(patience)));
    assert!((1..=1_000).contains(&deadlines.load(Ordering::Relaxed)), "the answerer knows the deadline");
    assert!(timeout(patience, caller.request("never", "", PATIENCE)).await.is_err());
    assert_eq!(caller.waiting(), 0);
}

pub async fn an_inbox_takes_several_replies_and_several_attempts(world: World) {
    let (asker, worker) = (world.connect().await, world.connect().await);
    let caller = Caller::new(asker).await.unwrap();
    let mut inbox = caller.inbox().unwrap();
    let until = tokio::time::Instant::now() + PATIENCE;
    inbox.ask("turn", Headers::default(), "1").await.unwrap();
    assert!(inbox.next(until).await.unwrap().is_no_responders());
    let mut turns = crate::world::listen(&*worker, "turn", Some("q")).await;
    inbox.ask("turn", Headers::default(), "2").await.unwrap();
    inbox.ask("turn", Headers::default(), "3").await.unwrap();
    for _ in 0..2 {
        let turn = crate::world::next(&mut turns).await;
        let reply = turn.reply.clone().unwrap();
        for step in ["working", "done"] {
            let said = format!("{} {step}", text(&turn));
            worker.publish(Message::new(reply.clone(), said)).await.unwrap();
        }
    }
    for said in ["2 working", "2 done", "3 working", "3 done"] {
        assert_eq!(text(&inbox.next(until).await.unwrap()), said);
    }
    let soon = tokio::time::Instant::now() + Duration::from_millis(100);
    assert!(inbox.next(soon).await.is_none());
    assert_eq!(caller.waiting(), 1);
    drop(inbox);
    assert_eq!(caller.waiting(), 0);
}

pub async fn a_dropped_server_finishes_what_it_has_in_hand(world: World) {
    let bus = world.connect().await;
    let begun = Arc::new(Notify::new());
    let telling = Arc::clone(&begun);
    let server = serve(bus.clone(), "short", None, limit(4), move |incoming| {
        telling.notify_one();
        async move {
            tokio::time::sleep(Duration::from_millis(200)).await;
            echo(incoming).await
        }
    })
    .await
    .unwrap();
    bus.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(bus).await.unwrap();
    let asking = tokio::spawn({
        let caller = caller.clone();
        async move { caller.request("short", "kept", PATIENCE).await }
    });
    timeout(PATIENCE, begun.notified()).await.unwrap();
    drop(server);
    assert_eq!(text(&asking.await.unwrap().unwrap()), "kept");
    assert_eq!(caller.request("short", "", PATIENCE).await, Err(RequestError::NoResponders));
}

pub async fn draining_answers_what_has_arrived_and_then_nobody_is_there(world: World) {
    const REQUESTS: usize = 500;
    let (front, back) = (world.connect().await, world.connect().await);
    let arrived = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&arrived);
    let server = serve(back.clone(), "drained", None, limit(REQUESTS), move |incoming| {
        counting.fetch_add(1, Ordering::Relaxed);
        echo(incoming)
    })
    .await
    .unwrap();
    back.flush(PATIENCE).await.unwrap();
    let caller = Caller::new(front).await.unwrap();
    let deadline = Duration::from_secs(2);
    let asking = join_all((0..REQUESTS).map(|_| caller.request("drained", "kept", deadline)));
    let begin = Instant::now();
    let (answers, drained) = tokio::join!(asking, server.drain(PATIENCE));
    assert!(drained);
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    let answered = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(answered, arrived.load(Ordering::Relaxed));
    for refused in answers.into_iter().filter_map(Result::err) {
        // NATS may drop what is under way to a subscription that ends; then the deadline tells.
        assert!(matches!(refused, RequestError::NoResponders | RequestError::Timeout(_)), "{refused}");
    }
    assert_eq!(caller.request("drained", "", PATIENCE).await, Err(RequestError::NoResponders));
}
