//! `--metrics-listen`: Prometheus text with the figures that an operator needs, each as documented.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use http::Method;
use switchboard_testkit::program::Program;
use switchboard_testkit::{Http, NatsServer, Port, TempDir, Visitor, staff::SOON, unique, wait};

use crate::support::{answer, send};

/// What happened in [`figures_for_an_operator`] must show in these.
const SEEN: [&str; 10] = [
    "switchboard_messages_total",
    "switchboard_appends_total",
    "switchboard_append_commit_seconds",
    "switchboard_send_seconds",
    "switchboard_delivery_seconds",
    "switchboard_nacks_total",
    "switchboard_sockets",
    "switchboard_queue_length",
    "switchboard_calls_total",
    "switchboard_bus_disconnects_total",
];

/// Name → kind, as `docs/metrics.md` has them.
fn documented() -> anyhow::Result<BTreeMap<String, String>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
    let page = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
    let row = |line: &str| {
        let mut cells = line.strip_prefix("| `")?.split(" | ");
        let name = cells.next()?.trim_end_matches('`').to_owned();
        Some((name, cells.next()?.trim().to_owned()))
    };
    Ok(page.lines().filter_map(row).filter(|(name, _)| name.starts_with("switchboard_")).collect())
}

async fn ready(http: &Http, status: u16, deadline: Duration) -> anyhow::Result<()> {
    let what = format!("/readyz {status}");
    let look = wait::until(&what, deadline, async || {
        Ok((http.raw(Method::GET, "/readyz", None).await?.status == status).then_some(()))
    });
    Box::pin(look).await.map(|_| ())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn figures_for_an_operator() -> anyhow::Result<()> {
    let (folder, port, nats) = (TempDir::new()?, Port::reserve()?, NatsServer::start()?);
    let address = format!("127.0.0.1:{}", port.number());
    let serve = Program::new(folder.path(), &["serve", "--listen", "127.0.0.1:0"])
        .flag("--metrics-listen", &address)
        .flag("--nats", nats.url());
    let (_process, listen) = serve.spawn_ready()?;
    let http = Http::new(&listen);
    ready(&http, 200, SOON).await?;

    let visitor = Visitor::arrive(&http).await?;
    let id = visitor.ask_people("hello").await?;
    let mut socket = visitor.socket().await?;
    for (message, kind) in [("again", "ack"), ("  ", "nack")] {
        let client = unique("metrics");
        socket.send(&send(&id, &client, message)).await?;
        let frame = answer(&mut socket, &client).await?;
        ensure!(frame["type"] == kind, "{frame}");
    }
    nats.kill()?;
    ready(&http, 503, SOON).await?;
    nats.restart()?;
    ready(&http, 200, Duration::from_secs(15)).await?;

    let reply = Http::new(&address).raw(Method::GET, "/metrics", None).await?;
    let text = String::from_utf8(reply.text.to_vec())?;
    ensure!(reply.status == 200, "{}: {text}", reply.status);
    let documented = documented()?;
    let mut wrong = Vec::new();
    let mut served = Vec::new();
    for line in text.lines().filter_map(|line| line.strip_prefix("# TYPE ")) {
        let (name, kind) = line.split_once(' ').context("a TYPE line")?;
        served.push(name);
        if documented.get(name).is_none_or(|expected| expected != kind) {
            wrong.push(format!("{name} is a {kind}, documented as {:?}", documented.get(name)));
        }
    }
    wrong.extend(
        SEEN.iter().filter(|name| !served.contains(name)).map(|name| format!("{name} is not served")),
    );
    ensure!(wrong.is_empty(), "{}", wrong.join("\n"));
    ensure!(!text.contains("hello") && !text.contains(&id), "a metric about one conversation");
    // Not on the public address.
    let public = http.raw(Method::GET, "/metrics", None).await?;
    ensure!(public.status == 404, "{}", public.status);
    Ok(())
}
