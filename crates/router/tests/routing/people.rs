//! Waiting conversations go to agents with an open console, and the others are told their places.

use std::time::Duration;

use switchboard_bus::{Bus as _, Delivery};
use switchboard_domain::conversation::{Command, Target};
use switchboard_wire::notice::Notice;
use switchboard_wire::subject;

use crate::ledger::agent;
use crate::scene::Scene;

const SOON: Duration = Duration::from_millis(100);

fn people(team: Option<&str>) -> Target {
    Target::Team(team.map(|team| team.parse().unwrap()))
}

#[tokio::test(start_paused = true)]
async fn online_needs_an_open_console() {
    let scene = Scene::open().await;
    scene.agent("maya", 4, &[]).await;
    scene.ledger.start("c1", people(None)).await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    assert_eq!(scene.owner("c1"), "queue");
    scene.here("n1", &["maya"]).await;
    scene.until(SOON, |l| l.get("c1").owner.kind() == "agent").await;
    assert_eq!(scene.owner("c1"), "agent:maya");
}

#[tokio::test(start_paused = true)]
async fn the_least_loaded_gets_the_next_and_capacity_is_kept() {
    let scene = Scene::open().await;
    scene.agent("one", 2, &["t"]).await;
    scene.agent("two", 2, &[]).await;
    scene.here("n1", &["one"]).await;
    scene.here("n2", &["two"]).await;
    for n in 0..6 {
        scene.ledger.start(&format!("c{n}"), people(None)).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    let owners: Vec<String> = (0..6).map(|n| scene.owner(&format!("c{n}"))).collect();
    assert_eq!(owners.iter().filter(|o| *o == "agent:one").count(), 2, "{owners:?}");
    assert_eq!(owners.iter().filter(|o| *o == "agent:two").count(), 2, "{owners:?}");
    assert_eq!(owners[4..], ["queue", "queue"]);
    // Room again: the longest waiting comes first. A team's conversation is for its own.
    scene.ledger.start("team", people(Some("t"))).await;
    let held = (0..4).find(|n| scene.owner(&format!("c{n}")) == "agent:two").unwrap();
    let id = format!("c{held}");
    let fence = scene.ledger.get(&id).fence;
    scene.ledger.act(&id, Command::AgentResolve { agent: agent("two"), fence }).await.unwrap();
    scene.until(SOON, |l| l.get("c4").owner.kind() == "agent").await;
    assert_eq!((scene.owner("c5").as_str(), scene.owner("team").as_str()), ("queue", "queue"));
}

#[tokio::test(start_paused = true)]
async fn places_are_told_when_they_change_and_not_too_often() {
    let scene = Scene::open().await;
    let mut told = scene.bus.subscribe(&subject::notice("queue", None), None).await.unwrap();
    let mut read = move || {
        let mut places = vec![];
        while let Some(Delivery::Message(message)) = told.try_next() {
            let notice = Notice::decode(&message.subject, |_| None, &message.payload);
            let Ok(Notice::Queue(queue)) = notice else { panic!("{notice:?}") };
            places.extend(queue.places.into_iter().map(|(id, place, _)| (id.to_string(), place)));
        }
        places
    };
    let pair = |id: &str, place| (id.to_owned(), place);
    for id in ["c1", "c2", "c3"] {
        scene.ledger.start(id, people(None)).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(read(), [pair("c1", 1), pair("c2", 2), pair("c3", 3)]);
    scene.ledger.act("c1", Command::VisitorResolve { visitor: crate::ledger::ada() }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(5)).await;
    assert_eq!(read(), [], "both were told a moment ago");
    tokio::time::sleep(Duration::from_secs(6)).await;
    assert_eq!(read(), [pair("c2", 1), pair("c3", 2)]);
}

#[tokio::test(start_paused = true)]
async fn a_quiet_house_is_left_alone() {
    let scene = Scene::open().await;
    scene.agent("maya", 4, &[]).await;
    let open = Duration::from_secs(600);
    let before = scene.ledger.calls.load(std::sync::atomic::Ordering::SeqCst);
    let until = tokio::time::Instant::now() + open;
    while tokio::time::Instant::now() < until {
        scene.here("n1", &["maya"]).await;
        tokio::time::sleep(Duration::from_secs(10)).await;
    }
    let calls = scene.ledger.calls.load(std::sync::atomic::Ordering::SeqCst) - before;
    // Due every 2.5 s, sweep every 2 s, the board every 20 s.
    assert!(calls <= 580, "{calls} calls in ten minutes");
    assert!(scene.ledger.lock().retired.is_empty());
}
