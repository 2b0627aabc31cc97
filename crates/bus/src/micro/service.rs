//! A service that monitoring tools see: it answers `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS`.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Serialize;
use switchboard_domain::Millis;
use switchboard_domain::clock::rfc3339;
use tokio::task::JoinSet;

use super::types::{
    DEFAULT_GROUP, EndpointInfo, EndpointStats, INFO_TYPE, Identity, Metadata, PING_TYPE, Ping, STATS_TYPE,
    ServiceInfo, ServiceStats,
};
use crate::error::BusError;
use crate::message::Message;
use crate::port::Bus;
use crate::subscription::Subscription;

/// What a service says about itself before it has an id.
#[derive(Debug, Clone)]
pub struct MicroService {
    /// The name that all instances share: `[A-Za-z0-9_-]+`.
    pub name: String,
    /// Semantic version.
    pub version: String,
    /// What it does.
    pub description: String,
    /// Facts about it.
    pub metadata: Metadata,
    /// Where it listens.
    pub endpoints: Vec<Endpoint>,
}

/// One endpoint. Who serves it is another matter: the service only announces it and keeps its counts.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// Its name within the service: `[A-Za-z0-9_-]+`.
    pub name: String,
    /// Where it listens.
    pub subject: String,
    /// Facts about it.
    pub metadata: Metadata,
}

/// A service that answers monitoring until it is dropped.
#[derive(Debug)]
pub struct Announced {
    info: Arc<ServiceInfo>,
    stats: Arc<Stats>,
    _answering: JoinSet<()>,
}

/// The counts of one service's endpoints.
#[derive(Debug)]
pub struct Stats {
    started: Millis,
    endpoints: Mutex<Vec<EndpointStats>>,
}

impl MicroService {
    /// Announces the service on the bus: it is found from now on.
    ///
    /// # Errors
    /// [`BusError::Setup`] for a name or version that the Services API does not know; what
    /// [`Bus::subscribe`] refuses.
    pub async fn announce(self, bus: Arc<dyn Bus>, started: Millis) -> Result<Announced, BusError> {
        self.check()?;
        let id = bus.new_inbox().rsplit('.').next().unwrap_or_default().to_owned();
        let identity = Identity { name: self.name, id, version: self.version, metadata: self.metadata };
        let group = || DEFAULT_GROUP.to_owned();
        let counts = self.endpoints.iter().map(|endpoint| EndpointStats {
            name: endpoint.name.clone(),
            subject: endpoint.subject.clone(),
            queue_group: group(),
            ..EndpointStats::default()
        });
        let stats = Arc::new(Stats { started, endpoints: Mutex::new(counts.collect()) });
        let endpoints = self.endpoints.into_iter().map(|endpoint| EndpointInfo {
            name: endpoint.name,
            subject: endpoint.subject,
            queue_group: group(),
            metadata: endpoint.metadata,
        });
        let info = Arc::new(ServiceInfo {
            kind: INFO_TYPE.into(),
            identity,
            description: self.description,
            endpoints: endpoints.collect(),
        });
        let mut answering = JoinSet::new();
        for verb in [Verb::Ping, Verb::Info, Verb::Stats] {
            let Identity { name, id, .. } = &info.identity;
            let root = verb.subject();
            for subject in [root.to_owned(), format!("{root}.{name}"), format!("{root}.{name}.{id}")] {
                let asked = bus.subscribe(&subject, None).await?;
                answering.spawn(answer(Arc::clone(&bus), asked, verb, Arc::clone(&info), Arc::clone(&stats)));
            }
        }
        Ok(Announced { info, stats, _answering: answering })
    }

    fn check(&self) -> Result<(), BusError> {
        let plain = |name: &str| {
            !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        };
        if let Some(name) = std::iter::once(&self.name)
            .chain(self.endpoints.iter().map(|endpoint| &endpoint.name))
            .find(|name| !plain(name))
        {
            return Err(BusError::Setup(format!(
                "{name:?} is not the name of a service: use A-Z a-z 0-9 _ -"
            )));
        }
        let core = self.version.split(['-', '+']).next().unwrap_or_default();
        let numbers = core.split('.').filter(|part| part.parse::<u32>().is_ok()).count();
        if numbers != 3 || core.split('.').count() != 3 {
            return Err(BusError::Setup(format!("{:?} is not a version like 1.2.3", self.version)));
        }
        Ok(())
    }
}

impl Announced {
    /// What monitoring is told, the instance's id included.
    #[must_use]
    pub fn info(&self) -> &ServiceInfo {
        &self.info
    }

    /// Where to record what the endpoints do.
    #[must_use]
    pub fn stats(&self) -> Arc<Stats> {
        Arc::clone(&self.stats)
    }
}

impl Stats {
    /// Records one answered request of the endpoint with this name.
    pub fn record(&self, endpoint: &str, took: Duration, error: Option<&str>) {
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(counts) = endpoints.iter_mut().find(|counts| counts.name == endpoint) else { return };
        counts.num_requests += 1;
        let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
        counts.processing_time = counts.processing_time.saturating_add(nanoseconds);
        counts.average_processing_time = counts.processing_time / counts.num_requests;
        if let Some(error) = error {
            counts.num_errors += 1;
            error.clone_into(&mut counts.last_error);
        }
    }

    /// The counts so far.
    #[must_use]
    pub fn snapshot(&self) -> Vec<EndpointStats> {
        self.endpoints.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[derive(Clone, Copy)]
enum Verb {
    Ping,
    Info,
    Stats,
}

impl Verb {
    fn subject(self) -> &'static str {
        match self {
            Self::Ping => "$SRV.PING",
            Self::Info => "$SRV.INFO",
            Self::Stats => "$SRV.STATS",
        }
    }
}

async fn answer(
    bus: Arc<dyn Bus>,
    mut asked: Subscription,
    verb: Verb,
    info: Arc<ServiceInfo>,
    stats: Arc<Stats>,
) {
    while let Some(request) = asked.next_message().await {
        let Some(reply) = request.reply else { continue };
        let identity = || info.identity.clone();
        let payload = match verb {
            Verb::Ping => json(&Ping { kind: PING_TYPE.into(), identity: identity() }),
            Verb::Info => json(&*info),
            Verb::Stats => json(&ServiceStats {
                kind: STATS_TYPE.into(),
                identity: identity(),
                started: rfc3339(stats.started),
                endpoints: stats.snapshot(),
            }),
        };
        let Some(payload) = payload else { continue };
        if let Err(problem) = bus.publish(Message::new(reply, payload)).await {
            tracing::debug!(%problem, subject = verb.subject(), "monitoring got no answer");
        }
    }
}

fn json(value: &impl Serialize) -> Option<Vec<u8>> {
    serde_json::to_vec(value).inspect_err(|problem| tracing::error!(%problem, "service answer")).ok()
}
