//! A visitor who talks to an automation asks for a person.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON};

use crate::support::{Scene, count, has, is_queued};

on_shapes!(Embedded, Cluster: [the_next_person_gets_it, asking_twice_is_asking_once]);

async fn the_next_person_gets_it(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("chat", "one two").await?;
    visitor.until_texts(&id, "automation", 1, SOON).await?;
    let before = visitor.conversation(&id).await?;
    visitor.http.post(&format!("/visitor/conversations/{id}/handoff"), json!({})).await?.expect(200)?;
    let (after, _) = scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    ensure!(after["fence"].as_i64() > before["fence"].as_i64(), "the fence did not rise: {before} {after}");
    // The automation is out: what the visitor writes now is answered by nobody but the agent.
    visitor.say(&id, "three four").await?;
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    ensure!(visitor.texts(&id, "automation").await? == ["two one"]);
    Ok(())
}

async fn asking_twice_is_asking_once(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("mat", "hello").await?;
    let path = format!("/visitor/conversations/{id}/handoff");
    let first = visitor.http.post(&path, json!({})).await?.expect(200)?;
    ensure!(is_queued(&first), "{first}");
    let second = visitor.http.post(&path, json!({})).await?.expect(200)?;
    ensure!(second["fence"] == first["fence"] && is_queued(&second), "{first} then {second}");
    ensure!(count(&visitor.entries(&id).await?, "handed_off") == 1);
    Ok(())
}
