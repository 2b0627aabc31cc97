//! Of two who reach for a conversation, exactly one gets it.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Staff, System, on_shapes, staff::SOON};

use crate::support::{count, has, in_seconds};

/// Rounds of the race.
const ROUNDS: usize = 10;

on_shapes!(Embedded, Cluster: [two_agents_race_and_one_wins, an_old_fence_is_refused, an_automations_conversation_can_be_claimed]);

async fn away(system: &System, admin: &Staff) -> anyhow::Result<Staff> {
    let agent = system.agent(admin).await?;
    agent.presence("away").await?;
    Ok(agent)
}

async fn two_agents_race_and_one_wins(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let (one, mut two) = (away(&system, &admin).await?, away(&system, &admin).await?);
    two.http = two.http.at(system.far_http().address());
    let visitor = system.visitor().await?;
    for round in 0..ROUNDS {
        let id = visitor.ask_people(&format!("round {round}")).await?;
        let body = json!({ "fence": one.conversation(&id).await?["fence"] });
        let path = format!("/conversations/{id}/claim");
        let (first, second) =
            tokio::join!(one.http.post(&path, body.clone()), two.http.post(&path, body.clone()));
        let (first, second) = (first?, second?);
        let (winner, won, lost) = match first.status.as_u16() {
            200 => (&one, first, second),
            _ => (&two, second, first),
        };
        let state = won.expect(200)?;
        ensure!(has(&state, winner), "{state}");
        lost.problem(409)?;
        // The winner's second click changes nothing.
        let again = winner.http.post(&path, body).await?.expect(200)?;
        ensure!(again["fence"] == state["fence"], "{again}");
        ensure!(count(&winner.entries(&id).await?, "assigned") == 1, "round {round}");
    }
    Ok(())
}

async fn an_old_fence_is_refused(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = away(&system, &admin).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "hello").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    let old = visitor.conversation(&id).await?["fence"].clone();
    visitor.http.post(&format!("/visitor/conversations/{id}/handoff"), json!({})).await?.expect(200)?;
    let stale = agent.http.post(&format!("/conversations/{id}/claim"), json!({ "fence": old })).await?;
    stale.problem(409)?;
    agent.act(&id, "claim", json!({})).await?;
    let until = in_seconds(&system.database, 3_600)?;
    for verb in ["resolve", "transfer", "snooze"] {
        let body = json!({ "fence": old, "to": { "automation": "mat" }, "until": until });
        agent.http.post(&format!("/conversations/{id}/{verb}"), body).await?.problem(409)?;
    }
    Ok(())
}

async fn an_automations_conversation_can_be_claimed(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let (agent, offline) = (away(&system, &admin).await?, system.agent(&admin).await?);
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "hello").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    let body = json!({ "fence": agent.conversation(&id).await?["fence"] });
    // Offline means holding nothing.
    offline.http.post(&format!("/conversations/{id}/claim"), body.clone()).await?.problem(409)?;
    agent.http.post(&format!("/conversations/{id}/claim"), body).await?.expect(200)?;
    visitor.say(&id, "still there?").await?;
    agent.say(&id, "a person now").await?;
    ensure!(visitor.texts(&id, "automation").await? == ["mat"], "mat went on answering");
    ensure!(visitor.texts(&id, "agent").await? == ["a person now"]);
    Ok(())
}
