//! The only place that wires components together.

use crate::config::Config;
use crate::shutdown::{self, Shutdown};
use crate::system::{SystemClock, SystemRng};
use anyhow::{Context, Result, anyhow};
use futures_util::future::BoxFuture;
use std::sync::Arc;
use std::time::Duration;
use switchboard_assistant::{Assistant, Helping};
use switchboard_automations::Needs;
use switchboard_bus::{Bus, Nats, NatsOptions};
use switchboard_dbmgr::{Dbmgr, MailOptions, Service};
use switchboard_domain::Clock;
use switchboard_domain::file::FileLimits;
use switchboard_outbound::Client;
use switchboard_sdk::{ArticlesOnBus, RunOptions, Running};
use switchboard_storage::Store;
use switchboard_web::{Ask, Limits, Link, Parts, Web, WebConfig};
use switchboard_wire::call::hook::GetHooks;
use switchboard_wire::{Call, Credential, Failure};
use tokio::net::TcpListener;

/// How often a component that waits for its bus or database says so.
const WAITING_LOG: Duration = Duration::from_secs(10);

/// How long the mail server may take for one e-mail.
pub const SMTP_PATIENCE: Duration = Duration::from_secs(30);
/// How long "listening" waits for database and bus.
const SETTLE: Duration = Duration::from_secs(3);
/// How long drafts in hand may take when the process is to stop.
const ASSIST_DRAIN: Duration = Duration::from_secs(10);
/// How often it looks.
const SETTLE_STEP: Duration = Duration::from_millis(10);

/// Opens the database; it may be away still.
pub async fn open_store(config: &Config) -> Result<Store> {
    Ok(Store::open(&config.database, switchboard_storage::Options::default()).await?)
}

/// Starts to connect to NATS as a component. With `no_echo` the connection does not hear itself.
pub async fn connect(config: &Config, component: &str, no_echo: bool) -> Result<Arc<dyn Bus>> {
    let url = config.require_nats(component)?;
    let mut options = NatsOptions::new(url, component)?;
    options.no_echo = no_echo;
    Ok(Arc::new(Nats::start(options).await.context("cannot use the NATS address")?))
}

/// Waits until the bus is there, for as long as it takes. `false` when the process is to stop first.
pub async fn wait_connected(bus: &Arc<dyn Bus>, stop: Shutdown) -> bool {
    let mut state = bus.state();
    let stopped = shutdown::requested(stop);
    tokio::pin!(stopped);
    loop {
        tokio::select! {
            () = &mut stopped => return false,
            connected = state.wait_for(|s| s.connected) => return connected.is_ok(),
            () = tokio::time::sleep(WAITING_LOG) => tracing::warn!("NATS is away; still trying"),
        }
    }
}

/// Listens where the configuration says.
pub async fn listen(config: &Config) -> Result<TcpListener> {
    TcpListener::bind(config.listen).await.with_context(|| {
        format!("cannot listen on {}; is something else there? choose another --listen", config.listen)
    })
}

/// The edge, on a listener, by a way to a dbmgr.
pub async fn web(
    config: &Config,
    listener: TcpListener,
    link: Arc<dyn Link>,
    buses: Vec<Arc<dyn Bus>>,
    clock: Arc<dyn Clock>,
) -> Result<Web> {
    let limits = &config.limits;
    let settings = WebConfig {
        public_url: config.public_url.clone(),
        sites: config.sites.clone(),
        proxies: config.trusted_proxies.clone(),
        limits: Limits {
            visitor_messages_per_s: rate(limits.visitor_messages_per_s),
            visitor_messages_burst: rate(limits.visitor_burst),
            agent_messages_per_s: rate(limits.agent_messages_per_s),
            visitor_sessions_per_min: rate(limits.visitor_sessions_per_min),
            visitor_sessions_burst: rate(limits.visitor_sessions_burst),
            sockets_per_address: switched(limits.sockets_per_address) as usize,
            frames_per_s: rate(limits.socket_frames_per_s),
            file_bytes: mib(config.files.file_mib),
            visitor_uploads_per_min: rate(config.files.visitor_uploads_per_min),
            address_upload_mib_per_h: rate(config.files.address_mib_per_hour),
        },
    };
    let parts = Parts { link, buses, clock, rng: Arc::new(SystemRng) };
    Ok(switchboard_web::serve(listener, settings, parts).await?)
}

/// Gives everything behind the edge a moment to be there, so that who starts at the line "listening" is served
/// at once. Connections are accepted all the while.
pub async fn settle(web: &Web) {
    let ready = async {
        while web.ready().await.is_err() {
            tokio::time::sleep(SETTLE_STEP).await;
        }
    };
    if tokio::time::timeout(SETTLE, ready).await.is_err() {
        tracing::warn!("database or bus are away; /readyz says when they are there");
    }
}

/// A limit of zero is switched off: as good as none.
fn switched(limit: u32) -> u32 {
    if limit == 0 { u32::MAX } else { limit }
}

fn rate(limit: u32) -> f64 {
    f64::from(switched(limit))
}

fn mib(limit: u32) -> i64 {
    i64::from(switched(limit)) * 1024 * 1024
}

/// What files may be in all.
fn files(config: &Config) -> FileLimits {
    let files = &config.files;
    FileLimits {
        file_bytes: mib(files.file_mib),
        per_message: switched(files.per_message) as usize,
        conversation_bytes: mib(files.conversation_mib),
    }
}

/// The dbmgr of the same process, as the edge reaches it.
pub struct InProcess(pub Dbmgr);

impl<C: Call> Ask<C> for InProcess {
    fn ask(&self, by: Credential, call: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
        Box::pin(self.0.call(by, call))
    }
}

impl Link for InProcess {}

/// What the built-in automations need: articles by way of this bus, and where people find us. `address` is where the
/// process listens, if it does.
pub fn needs(config: &Config, bus: &Arc<dyn Bus>, address: std::net::SocketAddr) -> Needs {
    let base = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    Needs { articles: Arc::new(ArticlesOnBus::new(Arc::clone(bus))), base }
}

/// The built-in automations, taking turns on a bus.
pub async fn automations(bus: &Arc<dyn Bus>, needs: &Needs) -> Result<Vec<Running>> {
    let mut running = Vec::new();
    for automation in switchboard_automations::all(needs) {
        let options = RunOptions::new(SystemClock.now());
        running.push(switchboard_sdk::start(Arc::clone(bus), automation, options).await?);
    }
    Ok(running)
}

/// The assistant, taking turns and helping agents on a bus.
pub struct Assisting {
    turns: Running,
    helping: Helping,
}

impl Assisting {
    /// Takes nothing new and finishes what is in hand.
    pub async fn drain(self) {
        let (_, _) = tokio::join!(self.turns.drain(), self.helping.drain(ASSIST_DRAIN));
    }
}

/// The assistant, if the configuration has one.
pub async fn assistant(config: &Config, bus: &Arc<dyn Bus>, needs: &Needs) -> Result<Option<Assisting>> {
    let Some(wanted) = &config.assistant else { return Ok(None) };
    let assistant = Assistant::new(
        Arc::clone(&needs.articles),
        outbound(config)?.for_one_server(),
        wanted.settings(&needs.base)?,
    );
    let helping = switchboard_assistant::help(Arc::clone(bus), assistant.clone()).await?;
    let options = RunOptions::new(SystemClock.now());
    let turns = switchboard_sdk::start(Arc::clone(bus), assistant, options).await?;
    tracing::info!("the assistant {}", wanted.describe());
    Ok(Some(Assisting { turns, helping }))
}

/// Ends a task with whoever holds this.
pub struct Task(tokio::task::JoinHandle<()>);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// How servers of other people are reached.
fn outbound(config: &Config) -> Result<Client> {
    let outbound = &config.outbound;
    let roots = outbound.ca.as_deref().map(switchboard_outbound::certificates).transpose();
    let roots = roots.map_err(|bad| anyhow!("outbound.ca: {bad}"))?.unwrap_or_default();
    Client::new(outbound.policy.clone(), &roots).map_err(|bad| anyhow!("outbound.ca: {bad}"))
}

/// The automations behind web hooks, taking turns on `turns` as long as the task is held.
pub fn hooks(config: &Config, dbmgr: &Dbmgr, buses: Vec<Arc<dyn Bus>>, turns: Arc<dyn Bus>) -> Result<Task> {
    let client = outbound(config)?;
    let clock = dbmgr.clock();
    let asked = dbmgr.clone();
    let list: switchboard_hooks::List = Box::new(move || {
        let dbmgr = asked.clone();
        Box::pin(async move { dbmgr.call(Credential::Component, GetHooks {}).await })
    });
    let parts = switchboard_hooks::Parts { turns, buses, list, client, clock };
    Ok(Task(tokio::spawn(switchboard_hooks::run(parts))))
}

/// The dbmgr, telling and serving on `buses`, with the router's turns on `turns`.
pub async fn dbmgr(config: &Config, buses: Vec<Arc<dyn Bus>>, turns: Arc<dyn Bus>) -> Result<Service> {
    let parts = switchboard_dbmgr::Parts {
        store: open_store(config).await?,
        buses,
        automations: turns,
        clock: Arc::new(SystemClock),
        rng: Arc::new(SystemRng),
    };
    let options = switchboard_dbmgr::Options {
        sign_in_failures: switched(config.limits.sign_in_failures),
        files: files(config),
        mail: config.smtp.as_ref().map(|smtp| MailOptions {
            url: smtp.url.clone(),
            from: smtp.from.clone(),
            public_url: smtp.public_url.clone(),
            patience: SMTP_PATIENCE,
        }),
        outbound: Some(outbound(config)?),
        ..switchboard_dbmgr::Options::default()
    };
    Ok(switchboard_dbmgr::start(parts, &options))
}
