//! A staff call that changes something comes from our own pages or not at all.

use anyhow::ensure;
use serde_json::json;
use switchboard_testkit::{Shape, System, on_shapes};

on_shapes!(Embedded, Split: [a_foreign_or_missing_origin_is_refused]);

async fn a_foreign_or_missing_origin_is_refused(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let port = system.http().address().rsplit(':').next().unwrap_or_default().to_owned();
    let body = |name: &str| json!({ "username": name, "display_name": "Somebody" });
    let other_port = format!("http://127.0.0.1:{}", port.parse::<u16>()?.wrapping_add(1));
    let suffix = format!("http://127.0.0.1:{port}.evil.example");
    let foreign =
        ["https://evil.example", "null", "", &other_port, &suffix, &format!("https://127.0.0.1:{port}")];
    for origin in foreign.map(Some).into_iter().chain([None]) {
        let http = root.http.clone().with_origin(origin);
        http.post("/admins", body("foreign")).await?.problem(403)?;
        http.put("/account/password", json!({ "current": "x", "new": "y" })).await?.problem(403)?;
        http.delete("/session").await?.problem(403)?;
        // Reading is no change; a foreign page cannot read the answer, for nothing allows it to.
        let read = http.get("/admins").await?;
        read.expect(200)?;
        ensure!(read.header("access-control-allow-origin").is_none(), "{:?}", read.headers);
    }
    let sign_in = json!({ "username": root.username, "password": root.password });
    let foreign = system.http().with_origin(Some("https://evil.example"));
    foreign.post("/session", sign_in).await?.problem(403)?;
    // Any loopback name with our port is ours.
    for (n, host) in ["localhost", "127.0.0.1", "[::1]"].into_iter().enumerate() {
        let origin = format!("http://{host}:{port}");
        let http = root.http.clone().with_origin(Some(&origin));
        http.post("/admins", body(&format!("ours-{n}"))).await?.expect(201)?;
    }
    let list = root.http.get("/admins").await?.expect(200)?;
    ensure!(!list.to_string().contains("\"foreign\""), "{list}");
    Ok(())
}
