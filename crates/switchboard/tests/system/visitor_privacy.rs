//! Another visitor's conversation does not exist, whatever is tried.

use anyhow::ensure;
use http::Method;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes, unique};

use crate::support::{answer, send};

on_shapes!(Embedded, Split: [another_visitors_conversation_is_404]);

async fn another_visitors_conversation_is_404(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let (ada, eve) = (system.visitor().await?, system.visitor().await?);
    let id = ada.ask_people("between us").await?;
    let client = unique("eve");
    let body = json!({ "client_msg_id": client, "body": { "text": "hello" }, "score": 5 });
    let calls = [
        (Method::GET, ""),
        (Method::GET, "/entries"),
        (Method::POST, "/messages"),
        (Method::POST, "/handoff"),
        (Method::POST, "/resolve"),
        (Method::POST, "/rating"),
    ];
    for (method, call) in calls {
        let sent = (method == Method::POST).then(|| body.clone());
        let path = format!("/visitor/conversations/{id}{call}");
        let theirs = eve.http.call(method.clone(), &path, sent.clone()).await?.problem(404)?;
        // Not even the answer tells whether it exists.
        let none = eve.http.call(method, &path.replace(&id, "none-such"), sent).await?.problem(404)?;
        ensure!(theirs["title"] == none["title"] && theirs["type"] == none["type"], "{theirs} {none}");
    }
    ensure!(eve.http.get("/visitor/conversations").await?.expect(200)?["items"] == json!([]));
    let mut socket = eve.socket().await?;
    socket.send(&send(&id, &client, "hello")).await?;
    let nack = answer(&mut socket, &client).await?;
    ensure!(nack["code"] == "not_found", "{nack}");
    ada.say(&id, "still between us").await?;
    tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    ensure!(!socket.frames().iter().any(|frame| frame.to_string().contains("between us")));
    for token in ["", "x", &"a".repeat(300)] {
        eve.http.clone().with_bearer(Some(token)).get("/visitor/conversations").await?.problem(401)?;
    }
    eve.http.clone().with_bearer(None).get("/visitor/conversations").await?.problem(401)?;
    Ok(())
}
