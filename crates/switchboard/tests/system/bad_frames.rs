//! Frames that are too large, malformed or out of turn close their own socket and nothing else.

use std::time::Duration;

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, Socket, System, Visitor, on_shapes, staff::SOON, unique};

use crate::support::{answer, send};

on_shapes!(Embedded, Split: [
    malformed_closes_with_4400, too_large_closes_with_1009, silence_closes, wrong_values_are_answered,
    the_other_socket_lives_on,
]);

async fn malformed_closes_with_4400(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bad = [
        "not json",
        "[]",
        "42",
        "{}",
        "{\"type\": 7}",
        "{\"type\":\"send\"}",
        "{\"type\":\"resume\"}",
        "\u{0}",
        &deep,
        "{\"type\":\"send\",\"conversation\":1,\"client_msg_id\":2,\"body\":3}",
        "{\"type\":\"resume\",\"conversation\":\"x\",\"last_seq\":\"y\"}",
    ];
    for text in bad {
        let mut socket = visitor.socket().await?;
        socket.send_text(text.to_owned()).await?;
        let (code, _) = socket.closed(SOON).await?;
        ensure!(code == 4400, "{text:.60}: closed with {code}");
        let bye = socket.of_type("bye");
        ensure!(bye.last().is_some_and(|bye| bye["code"] == 4400), "{text:.60}: {bye:?}");
    }
    // Before hello, anything but hello.
    let mut socket = visitor.open().await?;
    socket.send(&send("x", &unique("early"), "hi")).await?;
    let (code, _) = socket.closed(SOON).await?;
    ensure!(code == 4400, "a frame before hello: closed with {code}");
    let mut socket = visitor.socket().await?;
    socket.send_binary(b"{\"type\":\"typing\"}".to_vec()).await?;
    let (code, _) = socket.closed(SOON).await?;
    ensure!([4400, 1003].contains(&code), "binary: closed with {code}");
    Ok(())
}

async fn too_large_closes_with_1009(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    for size in [64 * 1024 + 1, 200_000] {
        let mut socket = visitor.socket().await?;
        // The server may hang up before everything is sent.
        let _ = socket.send_text(format!("{{\"type\":\"typing\",\"x\":\"{}\"}}", "a".repeat(size))).await;
        let (code, _) = socket.closed(SOON).await?;
        ensure!(code == 1009, "{size} bytes: closed with {code}");
    }
    Ok(())
}

async fn silence_closes(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let mut socket = visitor.open().await?;
    tokio::time::sleep(Duration::from_secs(7)).await;
    ensure!(socket.ended().is_none(), "closed before the ten seconds were over");
    let (code, _) = socket.closed(Duration::from_secs(6)).await?;
    ensure!([4400, 4001].contains(&code), "closed with {code}");
    Ok(())
}

async fn wrong_values_are_answered(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("hello").await?;
    let mut socket = visitor.socket().await?;
    let cases = [
        (id.as_str(), "   ".to_owned(), "invalid"),
        (id.as_str(), "x".repeat(8_001), "too_large"),
        (id.as_str(), "nul \u{0}".to_owned(), "invalid"),
        ("none-such", "hello".to_owned(), "not_found"),
    ];
    for (conversation, message, code) in cases {
        let client = unique("wrong");
        socket.send(&send(conversation, &client, &message)).await?;
        let nack = answer(&mut socket, &client).await?;
        let found = nack["code"].as_str().unwrap_or_default();
        let fits = found == code || (code == "too_large" && found == "invalid");
        ensure!(nack["type"] == "nack" && fits, "{message:.20}: {nack}");
        ensure!(nack["detail"].as_str().is_some_and(|detail| !detail.is_empty()), "{nack}");
    }
    let short =
        json!({ "type": "send", "conversation": id, "client_msg_id": "short", "body": { "text": "x" } });
    socket.send(&short).await?;
    let nack = socket.expect("nack", SOON).await?;
    ensure!(nack["code"] == "invalid", "{nack}");
    // Types that nobody knows are ignored, and so are fields.
    socket.send(&json!({ "type": "from-the-future", "x": [1, 2] })).await?;
    let client = unique("right");
    let mut frame = send(&id, &client, &"é".repeat(8_000));
    frame["later"] = json!({ "a": 1 });
    socket.send(&frame).await?;
    ensure!(answer(&mut socket, &client).await?["type"] == "ack");
    ensure!(visitor.texts(&id, "visitor").await?.len() == 2);
    Ok(())
}

async fn the_other_socket_lives_on(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let other = Visitor::arrive(&system.http()).await?;
    let id = other.ask_people("hello").await?;
    let (mut bad, mut good): (Socket, Socket) = (visitor.socket().await?, other.socket().await?);
    bad.send_text("}".to_owned()).await?;
    bad.closed(SOON).await?;
    let client = unique("good");
    good.send(&send(&id, &client, "still here")).await?;
    ensure!(answer(&mut good, &client).await?["type"] == "ack");
    Ok(())
}
