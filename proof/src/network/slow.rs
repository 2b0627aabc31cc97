//! Readers on a line that carries next to nothing, while somebody writes much.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use switchboard_testkit::client::Setup as ClientSetup;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Client, Faults, Http, Port, Proxy, Shape, wait};

use super::Tried;
use crate::figures::quantile;
use crate::load::{Crew, arrive};
use crate::metrics::Metrics;
use crate::plan::Plan;

/// The longest text: 32 KB in characters of four bytes.
const CHARACTERS: usize = 8_000;
/// Bytes a second for each slow reader.
const RATE: u64 = 20_000;
/// At the pace that an agent may write; more than the kernel keeps for one connection.
const MESSAGES: usize = 900;
const PACE: Duration = Duration::from_millis(21);
/// How long it may take until everything is there on a good line.
const WHOLE: Duration = Duration::from_secs(30);
/// What nobody else waits for, whoever is slow.
const OTHERS: Duration = Duration::from_secs(1);

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Tried> {
    let readers = plan.pick(2, 6);
    let port = Port::reserve()?;
    let metrics = Metrics::at(&format!("127.0.0.1:{}", port.number()));
    let system = Setup::new(Shape::Embedded).serve_arg(&metrics.flag()).start().await?;
    let crew = Crew::hire(&system, 1).await?;
    let direct = Http::new(&system.address(0));
    let proxy = Arc::new(Proxy::start(direct.address(), plan.seed).await?);
    let narrow = direct.clone().through(&proxy.address());
    let visitor = arrive(&direct).await?;
    let id = visitor.ask_people("hello").await?;
    crew.agents[0].act(&id, "claim", serde_json::json!({})).await?;
    let slow: Vec<Client> =
        (0..readers).map(|_| ClientSetup::visitor(&visitor, std::slice::from_ref(&narrow)).start()).collect();
    let (good, agent) =
        (Client::visitor(&visitor, std::slice::from_ref(&direct)), Client::agent(&crew.agents[0], &[direct]));
    for client in slow.iter().chain([&good, &agent]) {
        client.follow(&id);
        client.shown(&id, 2, Duration::from_secs(15)).await?;
    }
    proxy.set(Faults { rate: Some(RATE), ..Faults::default() });
    let text = "🐬".repeat(CHARACTERS);
    let (mut waits, mut closed) = (Vec::new(), 0);
    for _ in 0..MESSAGES {
        let begun = Instant::now();
        let sent = agent.send(&id, &text);
        waits.push(agent.acked(&sent, Duration::from_secs(30)).await?.saturating_duration_since(begun));
        closed = metrics.get("switchboard_slow_consumers_total").await?.unwrap_or_default() as usize;
        if closed >= readers {
            break;
        }
        tokio::time::sleep(PACE.saturating_sub(begun.elapsed())).await;
    }
    // The farewell waits for the line, for a while.
    proxy.heal();
    let last = agent.send(&id, "and that was all");
    agent.acked(&last, WHOLE).await?;
    let stored = visitor.entries(&id).await?;
    let begun = Instant::now();
    for client in slow.iter().chain([&good]) {
        let whole = wait::until("everything on a good line", WHOLE, async || {
            Ok((client.count(&id) >= stored.len()).then_some(()))
        });
        Box::pin(whole).await?;
        client.check(&id, &stored)?;
    }
    let whole = begun.elapsed();
    ensure!(good.connections() == 1, "the good reader was cut off: {}", good.story());
    waits.sort_unstable();
    let (p99, most) = (quantile(&waits, 0.99), quantile(&waits, 1.0));
    let said = slow.iter().filter(|client| client.closes().contains(&4008)).count();
    let mut tried = Tried {
        comebacks: slow.iter().map(|client| client.connections().saturating_sub(1) as usize).sum(),
        ..Tried::default()
    };
    tried.counts.acked = agent.acks().len();
    tried.measured = format!(
        "{closed} of {readers} closed as too slow, {said} heard 4008; whole again after {} ms; others' acks, ms: p99 {}, \
         max {}",
        whole.as_millis(),
        p99.as_millis(),
        most.as_millis()
    );
    tried.goal =
        format!("all closed and whole; max {} ms", OTHERS.as_millis() * u128::from(plan.pick(4_u8, 1)));
    if closed < readers || tried.comebacks < readers {
        tried
            .counts
            .failures
            .push(format!("{closed} of {readers} were closed, {} came back", tried.comebacks));
    }
    if said == 0 {
        tried.counts.failures.push("nobody was told why".to_owned());
    }
    if most > OTHERS * plan.pick(4, 1) {
        tried.counts.failures.push(format!("somebody else waited {most:.1?}"));
    }
    Ok(tried)
}
