//! Bad input over HTTP gets the status of contract §2, a whole problem document, and writes nothing.

use anyhow::ensure;
use bytes::Bytes;
use http::Method;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes, unique};

on_shapes!(Embedded, Split: [every_kind_of_bad_input]);

async fn every_kind_of_bad_input(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("first").await?;
    let path = format!("/api/v1/visitor/conversations/{id}/messages");
    let post = async |kind: &'static str, body: Bytes| {
        visitor.http.raw(Method::POST, &path, Some((kind, body))).await
    };
    let text = |text: &str| {
        Bytes::from(json!({ "client_msg_id": unique("x"), "body": { "text": text } }).to_string())
    };

    // 400: unparsable, wrong type, missing field.
    let deep = format!("{}{}", "[".repeat(20_000), "]".repeat(20_000));
    let wrong = json!({ "client_msg_id": 7, "body": { "text": "x" } }).to_string();
    let missing = json!({ "body": { "text": "x" } }).to_string();
    for body in ["", "{", "null", "[]", "{}", &wrong, &missing, &deep, "{\"client_msg_id\":\"\u{1}\"}"] {
        post("application/json", Bytes::copy_from_slice(body.as_bytes())).await?.problem(400)?;
    }
    post("application/json", Bytes::from_static(b"{\"a\":\"\xff\xfe\"}")).await?.problem(400)?;
    // 415: not JSON.
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
        post(kind, text("x")).await?.problem(415)?;
    }
    // 413: too large, whatever it holds.
    post("application/json", text(&"x".repeat(70_000))).await?.problem(413)?;
    // 422: well-formed but not acceptable, with the field at fault.
    for bad in ["", "   \n\t ", "nul\u{0}", &"é".repeat(8_001)] {
        let problem = post("application/json", text(bad)).await?.problem(422)?;
        ensure!(problem["errors"].as_object().is_some_and(|errors| !errors.is_empty()), "{problem}");
    }
    let long = "x".repeat(65);
    for client in ["short", "has spaces in the middle", "ünïcode-ünïcode-ünïcode", &long] {
        let body = json!({ "client_msg_id": client, "body": { "text": "x" } });
        visitor.http.post(&format!("/visitor/conversations/{id}/messages"), body).await?.problem(422)?;
    }
    // 400: bad cursors and numbers in a query; limits are clamped instead.
    for query in ["cursor=%21%21", "limit=x"] {
        visitor.http.get(&format!("/visitor/conversations?{query}")).await?.problem(400)?;
    }
    visitor.http.get("/visitor/conversations?limit=100000").await?.expect(200)?;
    // 404 and 405 are problem documents, too.
    visitor.http.get("/no/such/thing").await?.problem(404)?;
    visitor.http.delete("/visitor/directory").await?.problem(405)?;
    let longest = "x".repeat(8_000);
    post("application/json; charset=utf-8", text(&longest)).await?.expect(201)?;
    ensure!(
        visitor.texts(&id, "visitor").await? == ["first", longest.as_str()],
        "something was half written"
    );
    Ok(())
}
