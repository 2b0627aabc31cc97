//! What only a server of its own can go through: killed, frozen, away, and its tools.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests, which clippy does not take for tests"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use switchboard_bus::{
    Bus, BusError, Caller, Delivery, Message, Nats, NatsOptions, RequestError, Subscription,
};
use switchboard_testkit::NatsServer;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

async fn start(server: &NatsServer, name: &str) -> Arc<Nats> {
    Arc::new(Nats::start(NatsOptions::new(&server.url(), name).unwrap()).await.unwrap())
}

/// Whether it comes to say what the trouble is, in these words.
async fn troubled(bus: &Nats, words: &str) -> bool {
    let saying = async {
        while !bus.trouble().is_some_and(|trouble| trouble.to_lowercase().contains(words)) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, saying).await.is_ok()
}

async fn until(bus: &Nats, wanted: bool) -> u64 {
    let mut state = bus.state();
    timeout(PATIENCE, state.wait_for(|s| s.connected == wanted)).await.unwrap().unwrap().connections
}

async fn next(subscription: &mut Subscription) -> Message {
    match timeout(PATIENCE, subscription.next()).await.unwrap().unwrap() {
        Delivery::Message(message) => message,
        other => panic!("no message: {other:?}"),
    }
}

/// Is told that something may have been missed.
async fn back(subscription: &mut Subscription) {
    let told = timeout(PATIENCE, subscription.next()).await.unwrap();
    assert_eq!(told, Some(Delivery::Reconnected));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_is_noticed_and_its_return_too() {
    let server = NatsServer::start().unwrap();
    let (one, two) = (start(&server, "one").await, start(&server, "two").await);
    assert_eq!((until(&one, true).await, until(&two, true).await), (1, 1));
    let mut reader = one.subscribe("a.*", None).await.unwrap();
    one.flush(PATIENCE).await.unwrap();
    two.publish(Message::new("a.1", "before")).await.unwrap();
    assert_eq!(next(&mut reader).await.payload, "before");
    for round in 2..=3 {
        server.kill().unwrap();
        until(&one, false).await;
        until(&two, false).await;
        let begin = Instant::now();
        assert_eq!(two.publish(Message::new("a.2", "lost")).await, Err(BusError::Disconnected));
        assert_eq!(two.flush(PATIENCE).await, Err(BusError::Disconnected));
        assert!(begin.elapsed() < Duration::from_millis(500), "refused at once");
        // A subscription made meanwhile counts from the return on.
        let mut late = one.subscribe("b", None).await.unwrap();
        server.restart().unwrap();
        assert_eq!(until(&one, true).await, round);
        until(&two, true).await;
        // Connected means that the subscriptions are in place: the very first message arrives.
        two.publish(Message::new("a.3", "after")).await.unwrap();
        two.publish(Message::new("b", "late")).await.unwrap();
        back(&mut reader).await;
        assert_eq!(next(&mut reader).await.payload, "after");
        back(&mut late).await;
        assert_eq!(next(&mut late).await.payload, "late");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bus_may_be_started_before_its_server() {
    let server = NatsServer::start().unwrap();
    server.kill().unwrap();
    let bus = start(&server, "early").await;
    let mut reader = bus.subscribe("a", None).await.unwrap();
    assert_eq!(bus.publish(Message::new("a", "")).await, Err(BusError::Disconnected));
    assert!(troubled(&bus, "").await, "an operator is told why");
    server.restart().unwrap();
    assert_eq!(until(&bus, true).await, 1);
    bus.publish(Message::new("a", "hello")).await.unwrap();
    back(&mut reader).await;
    assert_eq!(next(&mut reader).await.payload, "hello");
    assert_eq!(bus.trouble(), None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_gives_up_subscribing_takes_nothing_from_others() {
    let server = NatsServer::start().unwrap();
    let (one, two) = (start(&server, "one").await, start(&server, "two").await);
    until(&one, true).await;
    until(&two, true).await;
    let mut there = two.subscribe("work", Some("group")).await.unwrap();
    server.pause().unwrap();
    let given_up = timeout(Duration::from_millis(300), one.subscribe("work", Some("group"))).await;
    assert!(given_up.is_err(), "nobody can have confirmed it");
    server.resume().unwrap();
    one.flush(PATIENCE).await.unwrap();
    for n in 0..50 {
        two.publish(Message::new("work", n.to_string())).await.unwrap();
        assert_eq!(next(&mut there).await.payload, n.to_string());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_subscription_that_a_stalled_server_took_late_tells_so() {
    let server = NatsServer::start().unwrap();
    let bus = start(&server, "late").await;
    until(&bus, true).await;
    server.pause().unwrap();
    let subscribing = tokio::spawn({
        let bus = bus.clone();
        async move { bus.subscribe("a", None).await.unwrap() }
    });
    let mut late = timeout(PATIENCE, subscribing).await.unwrap().unwrap();
    server.resume().unwrap();
    back(&mut late).await;
    bus.publish(Message::new("a", "now")).await.unwrap();
    // Where the pings were missed too it was reconnected to, and tells that as well.
    let heard = timeout(PATIENCE, late.next_message()).await.unwrap().unwrap();
    assert_eq!(heard.payload, "now");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_frozen_server_is_noticed_and_nothing_waits_for_ever() {
    let server = NatsServer::start().unwrap();
    let bus = start(&server, "frozen").await;
    until(&bus, true).await;
    server.pause().unwrap();
    let flushed = bus.flush(Duration::from_millis(200)).await;
    assert_eq!(flushed, Err(BusError::Timeout(Duration::from_millis(200))));
    // Fill whatever the kernel and the client buffer; the bound must be reached, and then refuse.
    let flood = async {
        loop {
            if let Err(refused) = bus.publish(Message::new("a", vec![0; 512 * 1024])).await {
                return refused;
            }
        }
    };
    let refused = timeout(PATIENCE, flood).await.expect("a publish waited for ever");
    assert!(matches!(refused, BusError::Congested(_) | BusError::Disconnected), "{refused:?}");
    until(&bus, false).await;
    server.resume().unwrap();
    until(&bus, true).await;
    bus.flush(PATIENCE).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_credentials_file_is_named() {
    let server = NatsServer::start().unwrap();
    let missing = NatsOptions::new(&format!("{}?credentials=/no/such.creds", server.url()), "x").unwrap();
    let refused = Nats::start(missing).await.unwrap_err().to_string();
    assert!(refused.contains("/no/such.creds"), "{refused}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_read_in_full_or_reported() {
    const MESSAGES: u64 = 300_000;
    const QUIET: Duration = Duration::from_secs(1);
    let server = NatsServer::start().unwrap();
    let (from, to) = (start(&server, "from").await, start(&server, "to").await);
    until(&from, true).await;
    until(&to, true).await;
    let mut reader = to.subscribe_bounded("burst", None, 1_000).await.unwrap();
    to.flush(PATIENCE).await.unwrap();
    for number in 0..MESSAGES {
        from.publish(Message::new("burst", number.to_string())).await.unwrap();
    }
    from.flush(PATIENCE).await.unwrap();
    to.flush(PATIENCE).await.unwrap();
    let (mut read, mut lost) = (0, 0);
    while let Ok(Some(delivery)) = timeout(QUIET, reader.next()).await {
        match delivery {
            Delivery::Message(_) => read += 1,
            Delivery::Lagged(count) => lost += count,
            Delivery::Reconnected => panic!("it was never away"),
        }
    }
    assert!(read >= 1_000, "{read} read");
    // What the client drops before we see it is reported, though not counted exactly.
    assert!(lost > 0 && lost <= MESSAGES - read, "{lost} reported lost and {read} read of {MESSAGES}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_under_way_ends_with_its_connection_not_with_its_deadline() {
    let server = NatsServer::start().unwrap();
    let bus = start(&server, "caller").await;
    until(&bus, true).await;
    let mut silent = bus.subscribe("silent", None).await.unwrap();
    let caller = Caller::new(bus.clone()).await.unwrap();
    let asking = tokio::spawn({
        let caller = caller.clone();
        async move { caller.request("silent", "", PATIENCE).await }
    });
    next(&mut silent).await;
    let begin = Instant::now();
    server.kill().unwrap();
    assert_eq!(asking.await.unwrap(), Err(RequestError::Lost));
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    until(&bus, false).await;
    let refused = caller.request("silent", "", PATIENCE).await;
    assert_eq!(refused, Err(RequestError::Bus(BusError::Disconnected)));
    assert_eq!(caller.waiting(), 0);
    server.restart().unwrap();
    until(&bus, true).await;
    // A connection that has not settled yet may still lose a question: it is told so, and asks again.
    let begin = Instant::now();
    let mut answer = caller.request("nobody", "", PATIENCE).await;
    while answer == Err(RequestError::Lost) && begin.elapsed() < Duration::from_secs(2) {
        answer = caller.request("nobody", "", PATIENCE).await;
    }
    assert_eq!(answer, Err(RequestError::NoResponders));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn user_and_password_of_the_address_open_the_door() {
    let users = r#"authorization { users: [{ user: "ada", password: "p@ss word" }] }"#;
    let server = NatsServer::start_with(users).unwrap();
    let at = |login: &str| server.url().replace("//", &format!("//{login}@"));
    let start = async |url: String| Nats::start(NatsOptions::new(&url, "one").unwrap()).await.unwrap();
    let known = start(at("ada:p%40ss%20word")).await;
    until(&known, true).await;
    let unknown = start(at("ada:guess")).await;
    assert!(troubled(&unknown, "auth").await, "{:?}", unknown.trouble());
    assert!(!unknown.state().borrow().connected);
}
