//! `--metrics-listen`: Prometheus text with the figures that an operator needs.

use anyhow::ensure;
use http::Method;
use switchboard_testkit::program::Program;
use switchboard_testkit::{Http, Port, TempDir, Visitor};

#[tokio::test]
async fn figures_for_an_operator() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let port = Port::reserve()?;
    let address = format!("127.0.0.1:{}", port.number());
    let serve =
        Program::new(folder.path(), &["serve", "--listen", "127.0.0.1:0", "--metrics-listen", &address]);
    let (_process, listen) = serve.spawn_ready()?;
    let visitor = Visitor::arrive(&Http::new(&listen)).await?;
    let id = visitor.ask_people("hello").await?;
    visitor.say(&id, "again").await?;
    let _socket = visitor.socket().await?;
    let reply = Http::new(&address).raw(Method::GET, "/metrics", None).await?;
    let text = String::from_utf8(reply.text.to_vec())?;
    ensure!(reply.status == 200, "{}: {text}", reply.status);
    for part in ["message", "ack", "commit", "deliver", "socket", "queue", "bus", "database"] {
        let found = text.lines().any(|line| line.starts_with("# TYPE switchboard_") && line.contains(part));
        ensure!(found, "no figure named like {part} in\n{text}");
    }
    ensure!(!text.contains("hello") && !text.contains(&id), "a metric about one conversation");
    // Not on the public address.
    let public = Http::new(&listen).raw(Method::GET, "/metrics", None).await?;
    ensure!(public.status == 404, "{}", public.status);
    Ok(())
}
