//! Files in conversations: up and down byte for byte, for those only who may see them, and never as a page.

use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};
use switchboard_testkit::http::Reply;
use switchboard_testkit::{Http, Shape, on_shapes, staff::SOON, unique};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::support::{Scene, answer, insist};

on_shapes!(Embedded, Cluster, Split: [
    files_go_both_ways_byte_for_byte,
    a_notes_file_is_not_the_visitors,
    a_disguised_script_is_only_ever_kept,
    what_is_too_large_or_cut_leaves_nothing,
    who_may_not_upload_hears_it_before_sending_anything,
]);

/// The least that counts as a picture, and then whatever.
fn picture(size: usize) -> Bytes {
    let head = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";
    head.iter().copied().chain((0..=255).cycle()).take(size).collect()
}

/// Uploads into `…/files` of this conversation's path.
async fn up(http: &Http, path: &str, name: &str, bytes: Bytes) -> anyhow::Result<Reply> {
    http.raw(Method::POST, &format!("/api/v1{path}/files?name={name}"), Some(("image/png", bytes))).await
}

async fn file(http: &Http, path: &str, name: &str, bytes: Bytes) -> anyhow::Result<Value> {
    Ok(up(http, path, name, bytes).await?.expect(201)?["file"].clone())
}

fn id(file: &Value) -> &str {
    file["id"].as_str().unwrap_or("?")
}

async fn files_go_both_ways_byte_for_byte(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let (visitor, c) = scene.chatting().await?;
    let (theirs, ours) = (format!("/visitor/conversations/{c}"), format!("/conversations/{c}"));

    // From the visitor, over HTTP: more than one piece, and the name says nothing of it.
    let large = picture(700_001);
    let sent = file(&visitor.http, &theirs, "my%20caf%C3%A9.txt", large.clone()).await?;
    ensure!(
        sent["type"] == "image/png" && sent["size"] == 700_001 && sent["name"] == "my café.txt",
        "{sent}"
    );
    let client = unique("files");
    let body = json!({ "client_msg_id": client, "body": { "files": [id(&sent)] } });
    let entry = visitor.http.post(&format!("{theirs}/messages"), body.clone()).await?.expect(201)?;
    ensure!(entry["body"] == json!({ "text": "my café.txt", "files": [sent] }), "{entry}");
    let again = visitor.http.post(&format!("{theirs}/messages"), body).await?.expect(200)?;
    ensure!(again == entry, "{again}");
    let is_it = |f: &Value| f["type"] == "entry" && f["entry"]["id"] == entry["id"];
    let frame = scene.socket.expect_where("the files", SOON, is_it).await?;
    ensure!(frame["entry"]["body"]["files"] == json!([sent]), "{frame}");
    for (http, path) in [(&scene.agent.http, &ours), (&visitor.http, &theirs)] {
        let got = http.get(&format!("{path}/files/{}", id(&sent))).await?;
        got.expect(200)?;
        ensure!(got.text == large && got.header("content-type") == Some("image/png"), "{:?}", got.headers);
    }
    // It was sent once, and is not sent again.
    let twice = json!({ "client_msg_id": unique("twice"), "body": { "text": "x", "files": [id(&sent)] } });
    let refused = visitor.http.post(&format!("{theirs}/messages"), twice).await?.problem(422)?;
    ensure!(refused["errors"]["body.files"].is_string(), "{refused}");

    // From the agent, over the socket, with words.
    let small = Bytes::from_static(b"%PDF-1.7 small");
    let sent = file(&scene.agent.http, &ours, "offer.pdf", small.clone()).await?;
    ensure!(sent["type"] == "application/octet-stream", "{sent}");
    let client = unique("offer");
    let body = json!({ "text": "our offer", "files": [id(&sent)] });
    let frame = json!({ "type": "send", "conversation": c, "client_msg_id": client, "body": body });
    let ack = insist(&mut scene.socket, &frame).await?;
    ensure!(ack["type"] == "ack", "{ack}");
    let got = visitor.http.get(&format!("{theirs}/files/{}", id(&sent))).await?;
    ensure!(got.status == 200 && got.text == small, "{}", got.status);
    let client = unique("nothing");
    let nothing =
        json!({ "type": "send", "conversation": c, "client_msg_id": client, "body": { "files": [] } });
    scene.socket.send(&nothing).await?;
    ensure!(answer(&mut scene.socket, &client).await?["code"] == "invalid");

    // Nobody else's.
    let eve = scene.system.visitor().await?;
    eve.http.get(&format!("{theirs}/files/{}", id(&sent))).await?.problem(404)?;
    up(&eve.http, &theirs, "x", small.clone()).await?.problem(404)?;
    let own = format!("/visitor/conversations/{}", eve.ask_people("mine").await?);
    eve.http.get(&format!("{own}/files/{}", id(&sent))).await?.problem(404)?;
    up(&eve.http.clone().with_bearer(None), &theirs, "x", small.clone()).await?.problem(401)?;
    up(&scene.agent.http.clone().with_origin(None), &ours, "x", small).await?.problem(403)?;
    Ok(())
}

async fn a_notes_file_is_not_the_visitors(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, c) = scene.chatting().await?;
    let ours = format!("/conversations/{c}");
    let sent = file(&scene.agent.http, &ours, "secret.png", picture(100)).await?;
    let path = format!("/visitor{ours}/files/{}", id(&sent));
    visitor.http.get(&path).await?.problem(404)?;
    let body = json!({ "client_msg_id": unique("note"), "body": { "files": [id(&sent)] } });
    scene.agent.http.post(&format!("{ours}/notes"), body).await?.expect(201)?;
    visitor.http.get(&path).await?.problem(404)?;
    let colleague = scene.second().await?;
    colleague.http.get(&format!("{ours}/files/{}", id(&sent))).await?.expect(200)?;
    Ok(())
}

async fn a_disguised_script_is_only_ever_kept(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, c) = scene.chatting().await?;
    let path = format!("/visitor/conversations/{c}");
    for script in [
        "<!doctype html><script>alert(document.domain)</script>",
        "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    ] {
        let sent = file(&visitor.http, &path, "cat.png", Bytes::from(script)).await?;
        ensure!(sent["type"] == "application/octet-stream" && sent["name"] == "cat.png", "{sent}");
        let got = visitor.http.get(&format!("{path}/files/{}", id(&sent))).await?;
        got.expect(200)?;
        for (name, value) in [
            ("content-type", "application/octet-stream"),
            ("content-disposition", "attachment; filename*=UTF-8''cat.png"),
            ("x-content-type-options", "nosniff"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("cache-control", "private, max-age=3600, immutable"),
            ("vary", "authorization, cookie"),
        ] {
            ensure!(got.header(name) == Some(value), "{name}: {:?}", got.header(name));
        }
    }
    // A name cannot get out of its header.
    let sent = file(&visitor.http, &path, "a%0D%0ASet-Cookie:%20x=1%22;.png", picture(50)).await?;
    let got = visitor.http.get(&format!("{path}/files/{}", id(&sent))).await?;
    let header = got.header("content-disposition").context("no header")?;
    ensure!(header == "attachment; filename*=UTF-8''a%20Set-Cookie%3A%20x%3D1%22%3B.png", "{header}");
    ensure!(got.header("set-cookie").is_none());
    Ok(())
}

async fn what_is_too_large_or_cut_leaves_nothing(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, c) = scene.chatting().await?;
    let path = format!("/visitor/conversations/{c}");
    let large = up(&visitor.http, &path, "large.png", picture(10 * 1024 * 1024 + 1)).await?.problem(413)?;
    ensure!(large["detail"].as_str().is_some_and(|detail| detail.contains("10 MiB")), "{large}");
    up(&visitor.http, &path, "empty.png", Bytes::new()).await?.problem(422)?;
    let rows = |what: &str| scene.system.database.value(&format!("SELECT COUNT(*) FROM files WHERE {what}"));
    ensure!(rows("1 = 1")? == "0");

    // So many a minute, and then it is said when to come again.
    let busy = scene.system.visitor().await?;
    let own = format!("/visitor/conversations/{}", busy.ask_people("many").await?);
    let mut taken = 0;
    let late = loop {
        let reply = up(&busy.http, &own, &format!("{taken}.png"), picture(40)).await?;
        if reply.status == 429 {
            break reply;
        }
        reply.expect(201)?;
        taken += 1;
        // Room for what a slow machine is given meanwhile.
        ensure!(taken < 60, "there is no end of files");
    };
    ensure!(taken >= 20, "refused after {taken}");
    late.problem(429)?;
    ensure!(late.header("retry-after").is_some());
    scene.system.database.sql("DELETE FROM files; DELETE FROM file_chunks")?;

    // One that says it is larger than what comes, and is gone then.
    let token = &visitor.token;
    let mut stream = TcpStream::connect(visitor.http.address()).await?;
    let head = format!(
        "POST /api/v1{path}/files?name=cut.png HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
         content-length: 600000\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&picture(300_000)).await?;
    let deadline = tokio::time::Instant::now() + SOON;
    while rows("sealed = 0")? == "0" {
        ensure!(tokio::time::Instant::now() < deadline, "the first piece does not arrive");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    stream.shutdown().await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    let began = scene.system.database.value("SELECT id FROM files WHERE sealed = 0")?;
    ensure!(rows("sealed = 1")? == "0");
    visitor.http.get(&format!("{path}/files/{began}")).await?.problem(404)?;
    let body = json!({ "client_msg_id": unique("cut"), "body": { "files": [began] } });
    visitor.http.post(&format!("{path}/messages"), body).await?.problem(422)?;
    // After its hour the router's sweep takes it away.
    scene.system.database.sql("UPDATE files SET expires_at = 1")?;
    while rows("1 = 1")? != "0" {
        ensure!(tokio::time::Instant::now() < deadline + SOON, "what was cut is not swept");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    ensure!(scene.system.database.value("SELECT COUNT(*) FROM file_chunks")? == "0");
    Ok(())
}

async fn who_may_not_upload_hears_it_before_sending_anything(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let (visitor, c) = scene.chatting().await?;
    let path = format!("/visitor/conversations/{c}");
    let eve = scene.system.visitor().await?;
    // More than one address may have under way, and none of them sends a byte of what it announces.
    let mut waiting = Vec::new();
    for n in 0..20 {
        let mut stream = TcpStream::connect(visitor.http.address()).await?;
        let (token, expected) = if n < 3 { (eve.token.as_str(), "404") } else { ("sbv_nobody", "401") };
        let head = format!(
            "POST /api/v1{path}/files?name=none.png HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             content-length: 600000\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await?;
        waiting.push((stream, expected));
    }
    // They keep nobody out who may.
    file(&visitor.http, &path, "cat.png", picture(100)).await?;
    for (mut stream, expected) in waiting {
        let mut head = [0; 12];
        tokio::time::timeout(SOON, stream.read_exact(&mut head)).await.context("no answer")??;
        let head = String::from_utf8_lossy(&head).into_owned();
        ensure!(head == format!("HTTP/1.1 {expected}"), "{head}");
    }
    Ok(())
}
