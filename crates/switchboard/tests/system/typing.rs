//! Hints: typing and read marks reach the other side, and are no entries.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::Scene;

on_shapes!(Embedded, Cluster, Split: [typing_and_read_reach_the_other_side]);

async fn typing_and_read_reach_the_other_side(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, id) = scene.chatting().await?;
    scene.given(&id).await?;
    let mut near = visitor.clone();
    near.http = near.http.at(scene.system.far_http().address());
    let mut window = near.socket().await?;
    let head = visitor.conversation(&id).await?["head"].clone();

    window.send(&json!({ "type": "typing", "conversation": id })).await?;
    let hint = scene.socket.expect("typing", SOON).await?;
    ensure!(hint["conversation"] == id.as_str(), "{hint}");
    scene.socket.send(&json!({ "type": "typing", "conversation": id })).await?;
    window.expect("typing", SOON).await?;
    scene.socket.send(&json!({ "type": "read", "conversation": id, "seq": head })).await?;
    let read = window.expect("read", SOON).await?;
    ensure!(read["seq"] == head, "{read}");

    let page = scene.agent.http.get("/conversations?view=mine").await?.expect(200)?;
    ensure!(page["items"][0]["unread"] == 0, "{page}");
    ensure!(visitor.conversation(&id).await?["head"] == head, "a hint became an entry");
    Ok(())
}
