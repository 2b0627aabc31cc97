//! NATS by itself: requests from the load's core, answered on the tested one.

use std::time::{Duration, Instant};

use anyhow::Context;
use futures_util::StreamExt;
use switchboard_testkit::NatsServer;

use super::counted;
use crate::load::{Latencies, Sample};
use crate::place::on_tested_core;
use crate::product::block_on;
use crate::setting::{Setting, TEXT_BYTES};
use crate::usage::{Counted, Meter};

const SUBJECT: &str = "raw.echo";
/// How long the responder may take to be there.
const START: Duration = Duration::from_secs(10);

/// A bus, and somebody who answers.
#[derive(Debug)]
pub struct RawNats {
    server: NatsServer,
}

impl RawNats {
    /// Starts both on the tested core.
    ///
    /// # Errors
    /// When NATS does not come up.
    pub fn start() -> anyhow::Result<Self> {
        let server = on_tested_core(NatsServer::start)?;
        let url = server.url();
        let (here, there) = std::sync::mpsc::channel();
        on_tested_core(|| {
            // Ends with the connection, when the server is dropped.
            std::thread::spawn(move || block_on(Box::pin(respond(url, here))));
            Ok(())
        })?;
        there.recv_timeout(START).context("nobody answers on NATS")?;
        Ok(Self { server })
    }

    /// Round trips per second with so many under way.
    ///
    /// # Errors
    /// When NATS is away.
    pub fn measure(&self, setting: &Setting, under_way: usize) -> anyhow::Result<Sample> {
        block_on(Box::pin(self.ask(setting, under_way)))
    }

    async fn ask(&self, setting: &Setting, under_way: usize) -> anyhow::Result<Sample> {
        let client = async_nats::connect(self.server.url()).await?;
        let begin = Instant::now() + setting.warm_up;
        let end = begin + setting.window;
        let asking = (0..under_way).map(|_| async {
            let (mut latencies, text) = (Latencies::new()?, vec![b'x'; TEXT_BYTES]);
            while Instant::now() < end {
                let asked = Instant::now();
                client.request(SUBJECT, text.clone().into()).await?;
                if (begin..end).contains(&Instant::now()) {
                    latencies.record(asked.elapsed());
                }
            }
            anyhow::Ok(latencies)
        });
        let window = async {
            tokio::time::sleep_until(begin.into()).await;
            let meter = Meter::start(&[Counted::new("nats-server", self.server.pid())])?;
            tokio::time::sleep_until(end.into()).await;
            meter.each()
        };
        let (all, cpu) = futures_util::future::join(futures_util::future::try_join_all(asking), window).await;
        let mut latencies = Latencies::new()?;
        all?.iter().try_for_each(|one| latencies.add(one))?;
        let mut sample = counted(setting.window, latencies.count(), cpu?)?;
        sample.delivered = latencies;
        Ok(sample)
    }
}

async fn respond(url: String, here: std::sync::mpsc::Sender<()>) -> anyhow::Result<()> {
    let client = async_nats::connect(url).await?;
    let mut requests = client.subscribe(SUBJECT).await?;
    client.flush().await?;
    here.send(())?;
    while let Some(request) = requests.next().await {
        if let Some(reply) = request.reply {
            client.publish(reply, request.payload).await?;
        }
    }
    Ok(())
}
