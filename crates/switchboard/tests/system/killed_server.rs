//! Any process of ours killed at any moment while two people talk: nothing lost, nothing twice.

use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Client, Shape, on_shapes};

use crate::support::Scene;

/// Messages of each side.
const MESSAGES: usize = 40;
/// How long everything may take to settle after the last restart.
const SETTLE: Duration = Duration::from_secs(60);

on_shapes!(Embedded, Cluster, Split: [nothing_is_lost_and_nothing_is_twice]);

async fn nothing_is_lost_and_nothing_is_twice(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    let nodes: Vec<_> = match shape {
        Shape::Cluster => vec![scene.system.http(), scene.system.far_http()],
        Shape::Embedded | Shape::Split => vec![scene.system.http()],
    };
    // The agent has to be there all the time, or the conversation goes back to the queue, as it should.
    let far: Vec<_> = nodes.iter().rev().cloned().collect();
    let (window, console) = (Client::visitor(&visitor, &nodes), Client::agent(&scene.agent, &far));
    window.follow(&id);
    console.follow(&id);

    let victims: Vec<String> = scene
        .system
        .part_names()
        .into_iter()
        .filter(|name| !["chat", "faq", "mat"].contains(&name.as_str()))
        .collect();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for n in 0..MESSAGES {
        ours.push(window.send(&id, &format!("visitor {n}")));
        theirs.push(console.send(&id, &format!("agent {n}")));
        if n % 10 == 5 {
            let victim = &victims[(n / 10) % victims.len()];
            scene.system.kill(victim)?;
            ours.push(window.send(&id, &format!("visitor while {victim} is dead")));
            tokio::time::sleep(Duration::from_millis(200)).await;
            scene.system.launch(victim)?;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    window.drained(SETTLE).await?;
    console.drained(SETTLE).await?;
    ensure!(
        window.refused().is_empty() && console.refused().is_empty(),
        "{:?} {:?}",
        window.refused(),
        console.refused()
    );
    let acks = (window.acks(), console.acks());
    ensure!(ours.iter().all(|id| acks.0.contains_key(id)), "a message without an answer");
    ensure!(theirs.iter().all(|id| acks.1.contains_key(id)), "a message without an answer");
    ensure!(window.connections() + console.connections() > 2, "nobody noticed the kills");

    let (for_visitor, for_staff) = (visitor.entries(&id).await?, scene.agent.entries(&id).await?);
    window.shown(&id, for_visitor.len(), SETTLE).await?;
    console.shown(&id, for_staff.len(), SETTLE).await?;
    window.check(&id, &for_visitor)?;
    console.check(&id, &for_staff)?;
    // Gapless, and each side's messages in the order in which they were written.
    ensure!(for_staff.iter().enumerate().all(|(n, entry)| entry["seq"] == n + 1), "gaps in {for_staff:?}");
    for (author, prefix) in [("visitor", "visitor "), ("agent", "agent ")] {
        let numbers: Vec<u64> = for_staff
            .iter()
            .filter(|entry| entry["author"]["kind"] == author)
            .filter_map(|entry| entry["body"]["text"].as_str()?.strip_prefix(prefix)?.parse().ok())
            .collect();
        let all: Vec<u64> = (0..MESSAGES as u64).collect();
        let mut sorted = numbers.clone();
        sorted.sort_unstable();
        ensure!(sorted == all, "{author}: {numbers:?}");
    }
    Ok(())
}
