//! An agent searches what was written: the router indexes it behind the log, in every shape.

use anyhow::{bail, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Shape, on_shapes, staff::SOON};
use tokio::time::{Instant, sleep};

use crate::support::{Scene, items};

on_shapes!(Embedded, Split, Cluster: [what_was_written_is_found_soon]);

async fn search(scene: &Scene, q: &str) -> anyhow::Result<Value> {
    scene.agent.http.get(&format!("/search?q={q}")).await?.expect(200)
}

async fn what_was_written_is_found_soon(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_people("My kettle <b>whistles</b>, order A-77").await?;
    let give_up = Instant::now() + SOON;
    let found = loop {
        let page = search(&scene, "kettle%20whist").await?;
        if !items(&page)?.is_empty() {
            break page;
        }
        if Instant::now() > give_up {
            bail!("nothing was found: {page}");
        }
        sleep(std::time::Duration::from_millis(100)).await;
    };
    let hit = &found["items"][0]["hits"][0];
    ensure!(found["items"][0]["conversation"]["id"] == id.as_str(), "{found}");
    ensure!(hit["kind"] == "message" && hit["seq"].is_u64() && hit["author"]["kind"] == "visitor", "{hit}");
    let marked: Vec<&Value> =
        hit["parts"].as_array().into_iter().flatten().filter(|p| p["found"] == true).collect();
    ensure!(marked.len() == 2 && marked[0]["text"] == "kettle" && marked[1]["text"] == "whistles", "{hit}");
    for odd in ["", "%22%22", "%00", &"x".repeat(5_000)] {
        let refused = scene.agent.http.get(&format!("/search?q={odd}")).await?.problem(422)?;
        ensure!(refused["errors"]["q"].is_string(), "{refused}");
    }
    // What is erased is found no more.
    let visitors = scene.agent.http.get(&format!("/conversations/{id}")).await?.expect(200)?;
    let whom = visitors["visitor"]["id"].as_str().unwrap_or_default().to_owned();
    scene.admin.http.delete(&format!("/visitors/{whom}")).await?.expect(204)?;
    let page = search(&scene, "kettle").await?;
    ensure!(items(&page)?.is_empty(), "{page}");
    // A view is saved, and lists what it says.
    let view = json!({ "name": "Mine", "scope": "own", "filter": { "view": "mine", "tag": "vip" } });
    let saved = scene.agent.http.post("/views", view).await?.expect(201)?;
    ensure!(saved["view"]["filter"] == json!({ "view": "mine", "tag": "vip" }), "{saved}");
    let list = scene.agent.http.get("/conversations?view=mine&tag=vip").await?.expect(200)?;
    ensure!(items(&list)?.is_empty(), "{list}");
    Ok(())
}
