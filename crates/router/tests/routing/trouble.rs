//! Database away, notices lost, two routers, a router that ends in the middle.

use std::sync::atomic::Ordering;
use std::time::Duration;

use crate::automation::{Program, Step, echo};
use crate::ledger::automation;
use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn a_reply_waits_for_the_database_and_is_applied_once() {
    let scene = Scene::open().await;
    let mat =
        Program::start(&scene.bus, "mat", |turn| vec![Step::Sleep(1_000), Step::Send(echo(turn))]).await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "hello").await;
    tokio::time::sleep(Duration::from_millis(500)).await;
    scene.ledger.away.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_secs(20)).await;
    scene.ledger.away.store(false, Ordering::SeqCst);
    scene.until(Duration::from_secs(2), |l| l.texts("c1", "automation") == ["echo hello"]).await;
    assert_eq!(mat.times_asked(), 1, "what was answered is not asked again");
    // The next message goes on as ever.
    scene.ledger.say("c1", "again").await;
    scene.until(Duration::from_secs(2), |l| l.texts("c1", "automation").len() == 2).await;
}

#[tokio::test(start_paused = true)]
async fn lost_notices_cost_seconds_only() {
    let scene = Scene::open().await;
    let _mat = Program::echo(&scene.bus, "mat").await;
    scene.ledger.silent.store(true, Ordering::SeqCst);
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "hello").await;
    scene.until(Duration::from_millis(2_600), |l| l.texts("c1", "automation") == ["echo hello"]).await;
}

#[tokio::test(start_paused = true)]
async fn two_routers_answer_once() {
    let mut scene = Scene::open().await;
    scene.route();
    tokio::time::sleep(Duration::from_millis(1)).await;
    let _mat = Program::start(&scene.bus, "mat", |turn| vec![Step::Sleep(10), Step::Send(echo(turn))]).await;
    scene.agent("maya", 4, &[]).await;
    scene.here("n1", &["maya"]).await;
    scene.ledger.start("c1", automation("mat")).await;
    for n in 0..20 {
        scene.ledger.say("c1", &n.to_string()).await;
        tokio::time::sleep(Duration::from_millis(7)).await;
    }
    scene.until(Duration::from_secs(3), |l| l.texts("c1", "automation").len() >= 20).await;
    scene.ledger.start("c2", switchboard_domain::conversation::Target::Team(None)).await;
    scene.until(Duration::from_secs(1), |l| l.get("c2").owner.kind() == "agent").await;
    tokio::time::sleep(Duration::from_secs(3)).await;
    let expected: Vec<String> = (0..20).map(|n| format!("echo {n}")).collect();
    assert_eq!(scene.ledger.texts("c1", "automation"), expected);
    assert_eq!(scene.ledger.get("c2").fence, 2, "assigned once");
}

#[tokio::test(start_paused = true)]
async fn the_next_router_takes_up_what_the_last_one_had_out() {
    let mut scene = Scene::open().await;
    let mat = Program::start(&scene.bus, "mat", |turn| match turn.attempt {
        1 => vec![],
        _ => vec![Step::Send(echo(turn))],
    })
    .await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "hello").await;
    // The first attempt has failed and is stored; the second is not out yet.
    scene.until(Duration::from_secs(6), |l| !l.lock().failures.is_empty()).await;
    scene.stop_one().await;
    scene.route();
    scene.until(Duration::from_secs(3), |l| l.texts("c1", "automation") == ["echo hello"]).await;
    assert_eq!(mat.asked.lock().unwrap().last().unwrap().attempt, 2, "attempts are remembered");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_indexed_keeps_nothing_else_out_of_the_index() {
    let scene = Scene::open().await;
    scene.ledger.lock().unreadable.insert("c20".into());
    let to = || switchboard_domain::conversation::Target::Team(None);
    for n in 10..40 {
        scene.ledger.start(&format!("c{n}"), to()).await;
    }
    scene.until(Duration::from_secs(30), |l| l.lock().indexed.len() == 29).await;
    // What comes later is indexed as ever, also through a database that is away for longer than any number of tries.
    scene.ledger.away.store(true, Ordering::SeqCst);
    scene.ledger.start("c40", to()).await;
    tokio::time::sleep(Duration::from_secs(10)).await;
    scene.ledger.away.store(false, Ordering::SeqCst);
    scene.until(Duration::from_secs(5), |l| l.lock().indexed.contains("c40")).await;
    assert!(!scene.ledger.lock().indexed.contains("c20"));
}
