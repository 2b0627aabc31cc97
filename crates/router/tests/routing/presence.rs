//! Agents whose consoles vanish lose what they hold, but not to a reload.

use std::time::Duration;

use switchboard_domain::conversation::Target;

use crate::scene::Scene;

async fn chatting() -> Scene {
    let scene = Scene::open().await;
    scene.agent("maya", 4, &[]).await;
    scene.here("n1", &["maya"]).await;
    scene.ledger.start("c1", Target::Team(None)).await;
    scene.until(Duration::from_millis(100), |l| l.get("c1").owner.kind() == "agent").await;
    // She answers, so that no other deadline plays a part.
    let text = "hello".to_owned().try_into().unwrap();
    let say = switchboard_domain::conversation::Command::AgentMessage {
        agent: crate::ledger::agent("maya"),
        text,
        client: None,
    };
    scene.ledger.act("c1", say).await.unwrap();
    scene
}

#[tokio::test(start_paused = true)]
async fn a_closed_console_is_waited_for_half_a_minute() {
    let scene = chatting().await;
    scene.here("n1", &[]).await;
    let took = scene.until(Duration::from_secs(40), |l| l.get("c1").owner.kind() == "queue").await;
    assert!((29..=33).contains(&took.as_secs()), "{took:?}");
    assert_eq!(scene.ledger.lock().retired, ["maya"]);
}

#[tokio::test(start_paused = true)]
async fn a_dead_node_is_noticed_by_its_silence() {
    let scene = chatting().await;
    let took = scene.until(Duration::from_secs(75), |l| l.get("c1").owner.kind() == "queue").await;
    assert!(took >= Duration::from_secs(50), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reload_on_another_node_keeps_everything() {
    let scene = chatting().await;
    for round in 0..10 {
        scene.here(&format!("n{}", round % 2), &[]).await;
        tokio::time::sleep(Duration::from_secs(20)).await;
        scene.here(&format!("n{}", (round + 1) % 2), &["maya"]).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert_eq!(scene.owner("c1"), "agent:maya");
}

#[tokio::test(start_paused = true)]
async fn a_new_router_expires_nobody_for_a_whole_lease() {
    let mut scene = chatting().await;
    scene.stop_one().await;
    tokio::time::sleep(Duration::from_secs(300)).await;
    scene.route();
    tokio::time::sleep(Duration::from_secs(40)).await;
    scene.here("n1", &["maya"]).await;
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(scene.owner("c1"), "agent:maya");
    let took = scene.until(Duration::from_secs(75), |l| l.get("c1").owner.kind() == "queue").await;
    assert!(took >= Duration::from_secs(30), "{took:?}");
}
