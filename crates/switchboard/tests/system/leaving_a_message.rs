//! Nobody is there: the visitor leaves a message and a way to be reached, and the next agent finds it.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, Visitor, on_shapes, staff::SOON};

use crate::support::{count, has, is_queued};

on_shapes!(Embedded, Cluster: [a_message_waits_for_the_next_agent]);

async fn a_message_waits_for_the_next_agent(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    let visitor = Visitor::arrive(&system.http()).await?;
    let before = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(before["people"]["available"] == false, "{before}");

    let made = visitor.start(json!({ "people": true }), Some("please call me")).await?;
    let id = made["id"].as_str().unwrap_or_default().to_owned();
    ensure!(is_queued(&visitor.conversation(&id).await?));
    ensure!(count(&visitor.entries(&id).await?, "left_message") == 1);
    let details = json!({ "name": "Ada", "email": "ada@example.org" });
    let updated = visitor.http.post("/visitor/session", details).await?.expect(200)?;
    ensure!(updated["visitor"]["id"] == visitor.id.as_str(), "{updated}");

    let _socket = agent.online().await?;
    let (given, _) = agent.until(&id, "assigned", SOON, |c| has(c, &agent)).await?;
    ensure!(given["visitor"]["name"] == "Ada" && given["visitor"]["email"] == "ada@example.org", "{given}");
    // It switches by itself.
    let after = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(after["people"]["available"] == true, "{after}");
    let other = system.visitor().await?;
    let id = other.ask_people("hello").await?;
    ensure!(count(&other.entries(&id).await?, "left_message") == 0, "somebody is there");
    Ok(())
}
