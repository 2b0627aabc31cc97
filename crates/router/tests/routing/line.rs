//! An automation that hangs holds up nobody else, and its own visitors not for long.

use std::time::Duration;

use switchboard_domain::automation_rules::DEFAULT_CONCURRENCY;
use switchboard_router::limits::TURN_RETRY_ABSENT;

/// Turns at one automation at a time, unless an admin says otherwise.
const TURNS_PER_AUTOMATION: usize = DEFAULT_CONCURRENCY.unsigned_abs() as usize;

use crate::automation::{Program, Step, echo, working};
use crate::ledger::automation;
use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn hundreds_of_visitors_of_a_stuck_automation_come_to_people_in_time() {
    let scene = Scene::open().await;
    let stuck = Program::start(&scene.bus, "stuck", |_| vec![]).await;
    let _mat = Program::echo(&scene.bus, "mat").await;
    let many = TURNS_PER_AUTOMATION * 5;
    for n in 0..many {
        let id = format!("s{n}");
        scene.ledger.start(&id, automation("stuck")).await;
        scene.ledger.say(&id, "hello").await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert_eq!(stuck.times_asked(), TURNS_PER_AUTOMATION);

    scene.ledger.start("m1", automation("mat")).await;
    scene.ledger.say("m1", "hello").await;
    scene.until(Duration::from_millis(100), |l| l.texts("m1", "automation") == ["echo hello"]).await;

    let with_people =
        |l: &crate::ledger::Ledger| (0..many).all(|n| l.get(&format!("s{n}")).owner.kind() == "queue");
    let took = scene.until(Duration::from_secs(20), with_people).await;
    let longest = Duration::from_secs(15) + TURN_RETRY_ABSENT.iter().sum::<Duration>();
    assert!(took <= longest + Duration::from_secs(1), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn who_waits_in_line_of_a_slow_one_is_answered_in_turn() {
    let scene = Scene::open().await;
    let _slow =
        Program::start(&scene.bus, "slow", |turn| vec![Step::Sleep(2_000), Step::Send(echo(turn))]).await;
    let many = TURNS_PER_AUTOMATION * 3;
    for n in 0..many {
        let id = format!("s{n}");
        scene.ledger.start(&id, automation("slow")).await;
        scene.ledger.say(&id, "hello").await;
    }
    let answered =
        |l: &crate::ledger::Ledger| (0..many).all(|n| l.texts(&format!("s{n}"), "automation").len() == 1);
    let took = scene.until(Duration::from_secs(8), answered).await;
    assert!(took >= Duration::from_secs(6), "three rounds: {took:?}");
    assert!(scene.ledger.lock().failures.is_empty());
}

#[tokio::test(start_paused = true)]
async fn who_waits_behind_slots_that_are_held_long_goes_to_people() {
    let scene = Scene::open().await;
    let _busy =
        Program::start(&scene.bus, "busy", |_| vec![Step::Send(working(60_000)), Step::Sleep(90_000)]).await;
    for n in 0..=TURNS_PER_AUTOMATION {
        let id = format!("s{n}");
        scene.ledger.start(&id, automation("busy")).await;
        scene.ledger.say(&id, "hello").await;
        // One after the other, so that the last is the one in line.
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let last = format!("s{TURNS_PER_AUTOMATION}");
    scene.until(Duration::from_secs(20), |l| l.get(&last).owner.kind() == "queue").await;
    assert_eq!(scene.owner("s0"), "automation:busy");
    assert!(scene.ledger.lock().failures.iter().any(|failed| failed.error.contains("too busy")));
}
