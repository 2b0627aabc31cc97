//! An automation on both buses: replies, working frames, errors, load, stopping.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not take for tests"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use switchboard_bus::micro::discover;
use switchboard_bus::{Bus, Caller, Headers, Inbox, Local, Message, Nats, NatsOptions};
use switchboard_sdk::{
    Automation, BoxedAutomation, RunOptions, Running, TurnError, TurnReply, TurnRequest, Working, run, say,
    start,
};
use switchboard_testkit::NatsServer;
use tokio::sync::{Notify, Semaphore, oneshot};

const PATIENCE: Duration = Duration::from_secs(20);

/// Does what the first message says.
struct Obedient {
    entered: Arc<Semaphore>,
    go: Arc<Notify>,
}

impl Automation for Obedient {
    fn name(&self) -> &str {
        "obedient"
    }
    fn title(&self) -> &str {
        "Obedient"
    }
    fn description(&self) -> &str {
        "Does what you say."
    }
    async fn turn(&self, turn: TurnRequest, working: &Working) -> Result<TurnReply, TurnError> {
        self.entered.add_permits(1);
        match turn.messages[0].text.as_str() {
            "fail" => Err("out of ideas\r\nNats-Service-Error-Code: 1".into()),
            "panic" => panic!("as told"),
            "sleep" => std::future::pending().await,
            "blank" => Ok(say([" "])),
            "much" => Ok(say(vec!["x".repeat(8_000); 200])),
            "wait" => {
                self.go.notified().await;
                Ok(say(["waited"]))
            }
            "work" => {
                working.extend(2_000).await;
                tokio::time::sleep(Duration::from_millis(400)).await;
                Ok(say(["worked"]))
            }
            other => Ok(say([other])),
        }
    }
}

struct Play {
    bus: Arc<dyn Bus>,
    caller: Caller,
    running: Running,
    entered: Arc<Semaphore>,
    go: Arc<Notify>,
    _server: Option<NatsServer>,
}

impl Play {
    async fn begin(nats: bool, concurrency: usize) -> Self {
        let (bus, other, server): (Arc<dyn Bus>, Arc<dyn Bus>, _) = if nats {
            let server = NatsServer::start().unwrap();
            let one = Nats::start(NatsOptions::new(&server.url(), "router").unwrap()).await.unwrap();
            let two = Nats::start(NatsOptions::new(&server.url(), "automation").unwrap()).await.unwrap();
            for bus in [&one, &two] {
                let mut state = bus.state();
                tokio::time::timeout(PATIENCE, state.wait_for(|s| s.connected)).await.unwrap().unwrap();
            }
            (Arc::new(one), Arc::new(two), Some(server))
        } else {
            let local = Local::new();
            (Arc::new(local.connect(false)), Arc::new(local), None)
        };
        let (entered, go) = (Arc::new(Semaphore::new(0)), Arc::new(Notify::new()));
        let automation = Obedient { entered: Arc::clone(&entered), go: Arc::clone(&go) };
        let mut options = RunOptions::new(0);
        options.concurrency = concurrency;
        let running = start(other.clone(), automation, options).await.unwrap();
        other.flush(PATIENCE).await.unwrap();
        let caller = Caller::new(bus.clone()).await.unwrap();
        Self { bus, caller, running, entered, go, _server: server }
    }

    async fn ask(&self, text: &str) -> Inbox {
        self.ask_raw(turn(text).to_string()).await
    }

    async fn ask_raw(&self, payload: String) -> Inbox {
        let inbox = self.caller.inbox().unwrap();
        inbox.ask("switchboard.v1.automation.obedient.turn", Headers::default(), payload).await.unwrap();
        inbox
    }

    async fn reply(&self, text: &str) -> Message {
        next(&mut self.ask(text).await).await
    }
}

fn turn(text: &str) -> Value {
    json!({
        "turn": "t1", "event_id": "e1", "conversation": "c1", "fence": 3,
        "visitor": {"id": "v1", "verified": false},
        "messages": [{"seq": 2, "text": text, "at": "2026-11-23T08:00:00Z"}],
        "history": [{"seq": 1, "kind": "event"}], "attempt": 1, "deadline_ms": 200, "new_field": true
    })
}

async fn next(inbox: &mut Inbox) -> Message {
    inbox.next(tokio::time::Instant::now() + PATIENCE).await.unwrap()
}

fn error(message: &Message) -> (&str, &str) {
    let header = |name| message.headers.get(name).unwrap();
    (header("Nats-Service-Error-Code"), header("Nats-Service-Error"))
}

async fn replies_and_errors(nats: bool) {
    let play = Play::begin(nats, 64).await;
    let reply: Value = serde_json::from_slice(&play.reply("hello").await.payload).unwrap();
    assert_eq!(reply, json!({"messages": [{"text": "hello"}], "then": "wait"}));
    assert_eq!(error(&play.reply("fail").await), ("500", "out of ideas  Nats-Service-Error-Code: 1"));
    assert_eq!(error(&play.reply("panic").await), ("500", "the automation panicked"));
    assert_eq!(error(&play.reply("sleep").await), ("504", "no reply within the deadline"));
    assert_eq!(error(&play.reply("blank").await).0, "500");
    assert!(error(&play.reply("much").await).1.contains("larger than"));
    let mut unread = play.ask_raw("{}".into()).await;
    assert_eq!(error(&next(&mut unread).await).0, "400");
    let stats = play.running.announced().stats().snapshot();
    assert_eq!((stats[0].num_requests, stats[0].num_errors), (7, 5), "the giant reply is counted as made");
    let found = discover(&*play.bus, Duration::from_millis(300)).await.unwrap();
    let identity = &found[0].identity;
    assert_eq!((found.len(), identity.name.as_str()), (1, "obedient"));
    let facts = [("switchboard", "automation"), ("title", "Obedient"), ("description", "Does what you say.")];
    for (name, value) in facts {
        assert_eq!(identity.metadata[name], value);
    }
    let endpoint = &found[0].endpoints[0];
    assert_eq!(endpoint.subject, "switchboard.v1.automation.obedient.turn");
    assert_eq!((endpoint.name.as_str(), endpoint.queue_group.as_str()), ("turn", "q"));
}

async fn working_stretches_the_deadline(nats: bool) {
    let play = Play::begin(nats, 64).await;
    let mut inbox = play.ask("work").await;
    let frame: Value = serde_json::from_slice(&next(&mut inbox).await.payload).unwrap();
    assert_eq!(frame, json!({"working": true, "extend_ms": 2000}));
    let reply: Value = serde_json::from_slice(&next(&mut inbox).await.payload).unwrap();
    assert_eq!(reply["messages"][0]["text"], "worked");
}

async fn more_than_agreed_is_refused_and_stopping_finishes_what_is_in_hand(nats: bool) {
    let play = Play::begin(nats, 2).await;
    let long = |text| {
        let mut turn = turn(text);
        turn["deadline_ms"] = 60_000.into();
        turn.to_string()
    };
    let mut held = [play.ask_raw(long("wait")).await, play.ask_raw(long("wait")).await];
    play.entered.acquire_many(2).await.unwrap().forget();
    assert_eq!(error(&play.reply("hello").await), ("429", "too many turns at a time"));
    let Play { running, go, bus, .. } = play;
    let begin = Instant::now();
    let draining = tokio::spawn(running.drain());
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert!(!draining.is_finished());
    go.notify_waiters();
    assert!(draining.await.unwrap());
    assert!(begin.elapsed() < Duration::from_secs(5));
    for inbox in &mut held {
        assert!(next(inbox).await.payload.starts_with(b"{\"messages\":[{\"text\":\"waited\""));
    }
    assert_eq!(discover(&*bus, Duration::from_millis(300)).await, Ok(vec![]));
}

macro_rules! on_both_buses {
    ($($test:ident),+) => {
        mod local {
            $(#[tokio::test] async fn $test() { super::$test(false).await; })+
        }
        mod nats {
            $(#[tokio::test] async fn $test() { super::$test(true).await; })+
        }
    };
}

on_both_buses!(
    replies_and_errors,
    working_stretches_the_deadline,
    more_than_agreed_is_refused_and_stopping_finishes_what_is_in_hand
);

#[tokio::test]
async fn run_ends_with_its_shutdown() {
    let bus: Arc<dyn Bus> = Arc::new(Local::new());
    let (stop, stopped) = oneshot::channel::<()>();
    let automation =
        BoxedAutomation::new(Obedient { entered: Arc::new(Semaphore::new(0)), go: Arc::default() });
    let running = tokio::spawn(run(bus.clone(), automation, RunOptions::new(0), async {
        let _ = stopped.await;
    }));
    while discover(&*bus, Duration::from_millis(50)).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    stop.send(()).unwrap();
    assert!(running.await.unwrap().is_ok());
}

struct Misnamed;

impl Automation for Misnamed {
    fn name(&self) -> &str {
        "Mis.Named"
    }
    fn title(&self) -> &str {
        ""
    }
    fn description(&self) -> &str {
        ""
    }
    async fn turn(&self, _turn: TurnRequest, _working: &Working) -> Result<TurnReply, TurnError> {
        Ok(TurnReply::default())
    }
}

#[tokio::test]
async fn a_name_that_is_no_name_is_refused() {
    let bus: Arc<dyn Bus> = Arc::new(Local::new());
    let refused = start(bus, Misnamed, RunOptions::new(0)).await.unwrap_err();
    assert!(refused.to_string().contains("Mis.Named"));
}
