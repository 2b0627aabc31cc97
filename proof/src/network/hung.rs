//! Connections that hang half open.

use std::time::{Duration, Instant};

use anyhow::ensure;
use switchboard_testkit::client::Setup as ClientSetup;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Faults, Http, Port, Proxy, Shape, Socket, Visitor, wait};

use super::Tried;
use crate::figures::middle_and_most;
use crate::load::{Crew, arrive};
use crate::metrics::Metrics;
use crate::plan::Plan;

/// Sockets in each of the three ways to hang.
const SOCKETS: usize = 20;
/// Of those, clients that come back by another way.
const CLIENTS: usize = 5;
/// Nobody is closed earlier: silence of 45 s, of which up to 20 s may have passed since the last pong.
const EARLIEST: Duration = Duration::from_secs(24);
/// And nobody later: 45 s, and 5 s between two looks.
const LATEST: Duration = Duration::from_secs(51);
/// The last thing to be done is to connect.
const COMEBACK: Duration = Duration::from_secs(53);

/// Which direction hangs.
fn ways() -> [Faults; 3] {
    let one = |to_server, to_client| Faults {
        deaf_to_client: to_server,
        deaf_to_server: to_client,
        ..Faults::default()
    };
    [one(true, true), one(true, false), one(false, true)]
}

pub(super) async fn run(plan: &Plan) -> anyhow::Result<Tried> {
    let port = Port::reserve()?;
    let metrics = Metrics::at(&format!("127.0.0.1:{}", port.number()));
    let setup = Setup::new(Shape::Embedded).configuration("[limits]\nsockets_per_address = 0\n");
    let system = setup.serve_arg(&metrics.flag()).start().await?;
    let crew = Crew::hire(&system, 1).await?;
    let direct = Http::new(&system.address(0));
    let mut proxies = Vec::new();
    for n in 0..ways().len() {
        proxies.push(Proxy::start(direct.address(), plan.seed.wrapping_add(n as u64)).await?);
    }
    let (mut sockets, mut clients) = (Vec::new(), Vec::new());
    for proxy in &proxies {
        let hung = direct.clone().through(&proxy.address());
        for n in 0..SOCKETS {
            let visitor: Visitor = arrive(&direct).await?;
            let http = visitor.http.clone().by(&hung);
            if n < CLIENTS {
                let id = visitor.ask_people("hello").await?;
                let client = ClientSetup::visitor(&visitor, &[hung.clone(), direct.clone()]).start();
                client.follow(&id);
                clients.push((client, visitor, id));
            } else {
                let mut socket = Socket::open(&http, "/visitor/socket").await?;
                socket.send(&serde_json::json!({ "type": "hello", "token": visitor.token })).await?;
                socket.expect("welcome", Duration::from_secs(10)).await?;
                sockets.push(socket);
            }
        }
    }
    for (client, _, id) in &clients {
        client.shown(id, 1, Duration::from_secs(10)).await?;
    }
    let start = Instant::now();
    proxies.iter().zip(ways()).for_each(|(proxy, way)| proxy.set(way));
    let all = sockets.len() + clients.len();
    // What is said meanwhile is shown to whoever comes back.
    for (_, _, id) in &clients {
        crew.agents[0].act(id, "claim", serde_json::json!({})).await?;
        crew.agents[0].say(id, "are you still there?").await?;
    }
    let (mut noticed, mut back) = (Vec::new(), vec![None; clients.len()]);
    let watch = async {
        while start.elapsed() < COMEBACK + Duration::from_secs(5) {
            let open =
                metrics.get("switchboard_sockets{kind=\"visitor\"}").await?.unwrap_or_default() as usize;
            let again = clients.iter().filter(|(client, ..)| client.connections() > 1).count();
            let gone = all.saturating_sub(open.saturating_sub(again));
            noticed.resize(gone.max(noticed.len()), start.elapsed());
            for ((client, ..), back) in clients.iter().zip(&mut back) {
                if client.connections() > 1 && client.is_connected() {
                    back.get_or_insert(start.elapsed());
                }
            }
            if noticed.len() == all && back.iter().all(Option::is_some) {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        anyhow::Ok(())
    };
    Box::pin(watch).await?;
    let mut tried = Tried { comebacks: back.iter().flatten().count(), ..Tried::default() };
    let back: Vec<Duration> = back.into_iter().map(|at| at.unwrap_or(Duration::MAX)).collect();
    tried.measured = format!(
        "{} of {all} noticed by the node, s: {}; by {} clients, s: {}",
        noticed.len(),
        seconds(&noticed),
        clients.len(),
        seconds(&back)
    );
    tried.goal = format!("{} to {} s; {} s", EARLIEST.as_secs(), LATEST.as_secs(), COMEBACK.as_secs());
    let fault = if noticed.len() < all {
        Some(format!("only {} of {all} sockets were closed", noticed.len()))
    } else if noticed.iter().any(|at| !(EARLIEST..=LATEST).contains(at)) {
        Some(format!("the node noticed after {}", middle_and_most(&noticed)))
    } else if back.iter().any(|at| *at > COMEBACK) {
        Some(format!("clients came back after {}", middle_and_most(&back)))
    } else {
        None
    };
    tried.counts.failures.extend(fault);
    proxies.iter().for_each(Proxy::heal);
    for (client, visitor, id) in &clients {
        let stored = visitor.entries(id).await?;
        ensure!(stored.len() >= 3, "the conversation was not even begun: {stored:?}");
        let whole = wait::until("all of it", Duration::from_secs(10), async || {
            Ok((client.count(id) >= stored.len()).then_some(()))
        });
        Box::pin(whole).await?;
        if let Err(error) = client.check(id, &stored) {
            tried.counts.failures.push(format!("{error:#}"));
        }
    }
    Ok(tried)
}

fn seconds(times: &[Duration]) -> String {
    let (least, most) = (times.iter().min(), times.iter().max());
    match (least, most) {
        (Some(least), Some(most)) => format!("{:.0} to {:.0}", least.as_secs_f64(), most.as_secs_f64()),
        _ => "–".to_owned(),
    }
}
