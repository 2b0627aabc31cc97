//! The router gives waiting conversations to the online agent with the fewest, within the capacity, in order.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON};

use crate::support::{has, is_queued, items};

on_shapes!(Embedded, Cluster: [the_least_loaded_agent_gets_the_next_one, capacity_is_kept_and_the_queue_is_in_order]);

async fn the_least_loaded_agent_gets_the_next_one(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let (one, two) = (system.agent(&admin).await?, system.agent(&admin).await?);
    let _sockets = (one.online().await?, two.online().await?);
    let mut owners = Vec::new();
    for _ in 0..4 {
        let visitor = system.visitor().await?;
        let id = visitor.ask_people("hello").await?;
        let (given, _) = visitor.until(&id, "assigned", SOON, |c| c["owner"]["kind"] == "agent").await?;
        owners.push(given["owner"]["name"].as_str().unwrap_or_default().to_owned());
    }
    for agent in [&one, &two] {
        let name = format!("Display {}", agent.username);
        ensure!(owners.iter().filter(|owner| **owner == name).count() == 2, "not shared evenly: {owners:?}");
        let mine = agent.http.get("/conversations?view=mine").await?.expect(200)?;
        ensure!(items(&mine)?.len() == 2, "{mine}");
    }
    Ok(())
}

async fn capacity_is_kept_and_the_queue_is_in_order(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    admin.http.patch(&format!("/agents/{}", agent.id), json!({ "capacity": 1 })).await?.expect(200)?;
    let _socket = agent.online().await?;

    let mut waiting = Vec::new();
    for n in 0..3 {
        let visitor = system.visitor().await?;
        let id = visitor.ask_people(&format!("number {n}")).await?;
        if n == 0 {
            visitor.until(&id, "assigned", SOON, |c| c["owner"]["kind"] == "agent").await?;
        }
        waiting.push((visitor, id));
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    for (place, (visitor, id)) in waiting.iter().enumerate().skip(1) {
        let state = visitor.conversation(id).await?;
        ensure!(is_queued(&state) && state["queue"]["position"] == place, "not at place {place}: {state}");
    }
    let queue = agent.http.get("/conversations?view=queue").await?.expect(200)?;
    ensure!(items(&queue)?.len() == 2, "{queue}");

    agent.act(&waiting[0].1, "resolve", json!({})).await?;
    agent.until(&waiting[1].1, "the one who waited longest", SOON, |c| has(c, &agent)).await?;
    let (visitor, id) = &waiting[2];
    let (state, _) = visitor.until(id, "moved up", SOON, |c| c["queue"]["position"] == 1).await?;
    ensure!(is_queued(&state), "{state}");
    // Beyond the capacity only by the agent's own wish.
    agent.act(id, "claim", json!({})).await?;
    ensure!(has(&agent.conversation(id).await?, &agent));
    Ok(())
}
