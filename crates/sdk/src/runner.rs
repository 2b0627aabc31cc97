//! Runs an automation on a bus.

use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use switchboard_bus::micro::{Announced, Endpoint, MicroService, Stats};
use switchboard_bus::{Bus, BusError, Message, Server, serve_messages};
use switchboard_domain::{Millis, automation};
use switchboard_faults::{self as faults, Point};
use switchboard_wire::subject;
use switchboard_wire::turn::{ERROR_CODE_HEADER, ERROR_HEADER, TurnRequest};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::attempt::{attempt, deadline};
use crate::automation::Automation;
use crate::error::TurnError;
use crate::working::Working;

/// Name of the one endpoint.
const ENDPOINT: &str = "turn";

/// How an automation is run.
#[derive(Debug, Clone)]
pub struct RunOptions {
    /// Turns answered at a time; the next one is refused, and the platform tries it again. At first 64.
    pub concurrency: usize,
    /// Semantic version of the automation, shown by `nats micro list`.
    pub version: String,
    /// How long the turns in hand may take when it is asked to stop. At first 10 s.
    pub drain: Duration,
    /// When the process started, shown by `nats micro stats`.
    pub started: Millis,
}

impl RunOptions {
    /// The usual ones.
    #[must_use]
    pub fn new(started: Millis) -> Self {
        Self {
            concurrency: 64,
            version: env!("CARGO_PKG_VERSION").into(),
            drain: Duration::from_secs(10),
            started,
        }
    }
}

/// An automation that takes turns until it is drained or dropped.
#[derive(Debug)]
pub struct Running {
    server: Server,
    announced: Announced,
    drain: Duration,
}

impl Running {
    /// What it announced, the instance's id included.
    #[must_use]
    pub fn announced(&self) -> &Announced {
        &self.announced
    }

    /// Takes no new turns and finishes those in hand. `false` when some were not finished in time.
    pub async fn drain(self) -> bool {
        drop(self.announced);
        self.server.drain(self.drain).await
    }
}

/// Begins to take turns. The bus may be away still: turns come when it is there.
///
/// # Errors
/// [`BusError::Setup`] for a name that an automation cannot have; what [`Bus::subscribe`] refuses.
pub async fn start<A: Automation>(
    bus: Arc<dyn Bus>,
    automation: A,
    options: RunOptions,
) -> Result<Running, BusError> {
    let name = automation.name().to_owned();
    if !automation::is_name(&name) {
        return Err(BusError::Setup(format!(
            "{name:?} cannot be an automation's name: use 1 to {} of a-z 0-9 _ -",
            automation::NAME_CHARS
        )));
    }
    let subject = subject::turn(&name);
    let service = MicroService {
        name,
        version: options.version,
        description: automation.description().into(),
        metadata: [
            ("switchboard".into(), "automation".into()),
            ("title".into(), automation.title().into()),
            ("description".into(), automation.description().into()),
        ]
        .into(),
        endpoints: vec![Endpoint {
            name: ENDPOINT.into(),
            subject: subject.clone(),
            metadata: Default::default(),
        }],
    };
    let announced = service.announce(Arc::clone(&bus), options.started).await?;
    let stage = Arc::new(Stage { bus: Arc::clone(&bus), automation, stats: announced.stats() });
    let limit = Arc::new(Semaphore::new(options.concurrency.max(1)));
    let playing = Arc::clone(&stage);
    let handler = move |request: Message| {
        let stage = Arc::clone(&playing);
        async move { stage.answer(request).await }
    };
    let refuse = move |request: &Message| {
        stage.stats.record(ENDPOINT, Duration::ZERO, Some(&TurnError::busy().detail));
        request.reply.as_deref().map(|reply| error(reply, &TurnError::busy()))
    };
    let server =
        serve_messages(bus, &subject, Some(subject::AUTOMATION_GROUP), limit, handler, refuse).await?;
    Ok(Running { server, announced, drain: options.drain })
}

/// Runs an automation until `shutdown`, then finishes the turns in hand.
///
/// # Errors
/// As [`start`].
pub async fn run<A: Automation>(
    bus: Arc<dyn Bus>,
    automation: A,
    options: RunOptions,
    shutdown: impl Future<Output = ()>,
) -> Result<(), BusError> {
    let running = start(bus, automation, options).await?;
    shutdown.await;
    if !running.drain().await {
        tracing::warn!("some turns were not finished in time; the platform tries them again");
    }
    Ok(())
}

/// What every turn needs.
struct Stage<A> {
    bus: Arc<dyn Bus>,
    automation: A,
    stats: Arc<Stats>,
}

impl<A: Automation> Stage<A> {
    async fn answer(&self, request: Message) {
        let begin = Instant::now();
        let result = self.play(&request).await;
        let failure = result.as_ref().err();
        self.stats.record(ENDPOINT, begin.elapsed(), failure.map(|error| error.detail.as_str()));
        if let Some(problem) = failure {
            tracing::warn!(automation = self.automation.name(), code = problem.code, %problem, "no reply");
        }
        let Some(reply) = request.reply.as_deref() else { return };
        let message = result.map_or_else(|problem| error(reply, &problem), |json| Message::new(reply, json));
        faults::at(Point::ReplySendBefore);
        let sent = self.bus.publish(message).await;
        faults::at(Point::ReplySendAfter);
        match sent {
            Ok(()) => {}
            Err(problem @ BusError::TooLarge { .. }) => {
                let failure = TurnError::failed(format!("malformed reply: {problem}"));
                if let Err(problem) = self.bus.publish(error(reply, &failure)).await {
                    tracing::debug!(%problem, "a reply was not sent");
                }
            }
            // The platform hears nothing, and tries the turn again.
            Err(problem) => tracing::debug!(%problem, "a reply was not sent"),
        }
    }

    async fn play(&self, request: &Message) -> Result<Vec<u8>, TurnError> {
        let turn: TurnRequest = serde_json::from_slice(&request.payload)
            .map_err(|problem| TurnError::unreadable(format!("the turn cannot be read: {problem}")))?;
        let working = Working::on_bus(Arc::clone(&self.bus), request.reply.clone(), deadline(&turn));
        let reply = attempt(&self.automation, turn, &working).boxed().await?;
        serde_json::to_vec(&reply)
            .map_err(|problem| TurnError::failed(format!("the reply cannot be written: {problem}")))
    }
}

/// A service error, as the NATS Services API defines it.
fn error(reply: &str, error: &TurnError) -> Message {
    Message::new(reply, "")
        .header(ERROR_HEADER, error.detail.as_str())
        .header(ERROR_CODE_HEADER, error.code.to_string())
}
