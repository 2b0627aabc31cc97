//! An old copy of the database comes back: the epoch tells every client to load again.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, Visitor, on_shapes, staff::SOON};

on_shapes!(Embedded: [a_restored_copy_resets_its_clients, a_rotated_epoch_reaches_a_running_server]);

/// The epoch, and whether resuming from `(epoch, seq, id)` is reset.
async fn resume(visitor: &Visitor, at: &serde_json::Value) -> anyhow::Result<(serde_json::Value, bool)> {
    let mut socket = visitor.open().await?;
    socket.send(&json!({ "type": "hello", "token": visitor.token, "resume": [at] })).await?;
    let epoch = socket.expect("welcome", SOON).await?["epoch"].clone();
    let fits = |f: &serde_json::Value| f["type"] == "reset" || f["type"] == "entry";
    let next = socket.expect_where("what follows", SOON, fits).await?;
    Ok((epoch, next["type"] == "reset"))
}

async fn epoch_of(visitor: &Visitor) -> anyhow::Result<serde_json::Value> {
    let mut socket = visitor.open().await?;
    socket.send(&json!({ "type": "hello", "token": visitor.token })).await?;
    Ok(socket.expect("welcome", SOON).await?["epoch"].clone())
}

async fn a_restored_copy_resets_its_clients(shape: Shape) -> anyhow::Result<()> {
    let mut system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("before the copy").await?;
    let folder = switchboard_testkit::TempDir::new()?;
    let copy = folder.join("copy.db").display().to_string();
    // While it runs.
    system.command(&["backup", &copy])?.ok()?;
    visitor.say(&id, "after the copy").await?;
    let epoch = epoch_of(&visitor).await?;
    let state = visitor.conversation(&id).await?;

    system.kill("node-0")?;
    system.command(&["restore", &copy])?.ok()?;
    system.restart("node-0").await?;
    ensure!(visitor.texts(&id, "visitor").await? == ["before the copy"]);
    // The new message takes the lost one's number: only epoch and id tell that it is another one.
    visitor.say(&id, "another life").await?;
    visitor.say(&id, "goes on").await?;
    let at =
        json!({ "conversation": id, "epoch": epoch, "last_seq": state["head"], "last_id": state["head_id"] });
    let (fresh, reset) = resume(&visitor, &at).await?;
    ensure!(fresh != epoch && reset, "resumed over a restore: {fresh}");
    Ok(())
}

async fn a_rotated_epoch_reaches_a_running_server(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    visitor.ask_people("hello").await?;
    let before = epoch_of(&visitor).await?;
    system.command(&["epoch", "rotate"])?.ok()?;
    let changed = switchboard_testkit::wait::until("another epoch", SOON, async || {
        Ok((epoch_of(&visitor).await? != before).then_some(()))
    });
    Box::pin(changed).await?;
    Ok(())
}
