//! What is planned for a time happens then, without a notice.

use std::time::Duration;

use switchboard_domain::conversation::{Command, Target};

use crate::ledger::{ANSWER_MS, agent};
use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn an_agent_who_does_not_answer_loses_it_to_the_next() {
    let scene = Scene::open().await;
    scene.agent("maya", 4, &[]).await;
    scene.here("n1", &["maya"]).await;
    scene.ledger.start("c1", Target::Team(None)).await;
    scene.until(Duration::from_millis(100), |l| l.get("c1").owner.kind() == "agent").await;
    for _ in 0..6 {
        scene.here("n1", &["maya", "noor"]).await;
        tokio::time::sleep(Duration::from_secs(9)).await;
    }
    assert_eq!(scene.owner("c1"), "agent:maya");
    scene.agent("noor", 4, &[]).await;
    let limit = Duration::from_millis(ANSWER_MS.unsigned_abs()) - Duration::from_secs(53);
    scene.until(limit, |l| l.get("c1").owner.id() == Some("noor")).await;
}

#[tokio::test(start_paused = true)]
async fn a_snooze_ends_in_time() {
    let scene = Scene::open().await;
    scene.agent("maya", 4, &[]).await;
    scene.ledger.start("c1", Target::Team(None)).await;
    let fence = scene.ledger.get("c1").fence;
    scene.ledger.act("c1", Command::Claim { agent: agent("maya"), fence }).await.unwrap();
    let until = scene.ledger.clock.now() + 20_000;
    let snooze = Command::Snooze { agent: agent("maya"), fence: fence + 1, until };
    scene.ledger.act("c1", snooze).await.unwrap();
    let awake = |l: &crate::ledger::Ledger| l.get("c1").status.as_str() == "open";
    let took = scene.until(Duration::from_secs(21), awake).await;
    assert!(took >= Duration::from_secs(19), "{took:?}");
    assert_eq!(scene.owner("c1"), "agent:maya");
}
