//! What all handlers and sockets of a node share.

use crate::appends::Appends;
use crate::buckets::{Buckets, Rate, counted};
use crate::config::WebConfig;
use crate::follow::hub::Hub;
use crate::greetings::Greetings;
use crate::http::origin::Origins;
use crate::limits::{
    ASSISTS_BURST, ASSISTS_PER_MIN, CALL_DEADLINE, DOWNLOADS, DOWNLOADS_PER_ADDRESS, FILES_AGAIN,
    FRAMES_BURST_S, HELP_PAGES_BURST, HELP_PAGES_PER_S, TRANSCRIPTS_BURST, TRANSCRIPTS_PER_H, UPLOADS,
    UPLOADS_PER_ADDRESS,
};
use crate::link::{Ask, Link};
use crate::per_address::{PerAddress, Taken};
use crate::roll::Rolls;
use crate::socket::places::Places;
use crate::socket::previews::Previews;
use crate::socket::wheel::Wheel;
use crate::staffing::leases::Sessions;
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use switchboard_bus::{Bus, Caller, Message};
use switchboard_domain::{Clock, Rng, TokenHash};
use switchboard_wire::notice::Notice;
use switchboard_wire::{Call, Credential, Failure};
use tokio::sync::{OnceCell, Semaphore, watch};
use tokio::time::{Instant, timeout};

/// One node's state, shared.
pub(crate) type Shared = Arc<Edge>;

/// One node's state.
pub(crate) struct Edge {
    pub(crate) link: Arc<dyn Link>,
    pub(crate) buses: Vec<Arc<dyn Bus>>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) config: WebConfig,
    pub(crate) origins: Origins,
    pub(crate) appends: Arc<Appends>,
    pub(crate) greetings: Greetings,
    pub(crate) hub: Hub,
    pub(crate) sessions: Sessions,
    pub(crate) places: Places,
    pub(crate) previews: Previews,
    pub(crate) wheel: Wheel,
    pub(crate) rolls: Rolls,
    /// What all frames of one socket together may cost.
    pub(crate) frames: Rate,
    /// Random at every start.
    pub(crate) node: String,
    /// True once the node stops.
    pub(crate) stop: watch::Sender<bool>,
    started: Instant,
    readers: AtomicU64,
    visitor_messages: Buckets<TokenHash>,
    agent_messages: Buckets<TokenHash>,
    visitor_sessions: Buckets<IpAddr>,
    readers_of_help: Buckets<IpAddr>,
    visits: Buckets<TokenHash>,
    visitor_uploads: Buckets<TokenHash>,
    assists: Buckets<TokenHash>,
    /// The way to the assistant, once somebody has asked for it.
    pub(crate) assistant: OnceCell<Caller>,
    /// Transcripts by e-mail.
    transcripts: Buckets<IpAddr>,
    /// In MiB.
    address_uploads: Buckets<IpAddr>,
    /// Places for files on their way in.
    pub(crate) uploads: Semaphore,
    uploads_of: PerAddress,
    /// Places for bodies of those who may not upload, read on so that they hear it.
    pub(crate) refused_uploads: Semaphore,
    /// Places for files on their way out.
    pub(crate) downloads: Arc<Semaphore>,
    downloads_of: PerAddress,
}

impl Edge {
    /// A node. Sockets count among its `connections`.
    pub(crate) fn new(
        parts: crate::Parts,
        config: WebConfig,
        origins: Origins,
        connections: Arc<Semaphore>,
    ) -> Self {
        let limits = config.limits;
        let visitor = Rate { per_s: limits.visitor_messages_per_s, burst: limits.visitor_messages_burst };
        let agent = Rate { per_s: limits.agent_messages_per_s, burst: limits.agent_messages_per_s };
        let sessions =
            Rate { per_s: limits.visitor_sessions_per_min / 60.0, burst: limits.visitor_sessions_burst };
        let uploads = limits.visitor_uploads_per_min;
        let uploads = Rate { per_s: uploads / 60.0, burst: uploads };
        let of_address = limits.address_upload_mib_per_h;
        let of_address = Rate { per_s: of_address / 3_600.0, burst: of_address };
        Self {
            appends: Appends::new(Arc::clone(&parts.link)),
            greetings: Greetings::default(),
            hub: Hub::default(),
            sessions: Sessions::default(),
            places: Places::new(connections, limits.sockets_per_address),
            previews: Previews::default(),
            wheel: Wheel::default(),
            rolls: Rolls::default(),
            frames: Rate { per_s: limits.frames_per_s, burst: limits.frames_per_s * FRAMES_BURST_S },
            node: format!("{:032x}", parts.rng.u128()),
            stop: watch::Sender::new(false),
            started: Instant::now(),
            readers: AtomicU64::new(0),
            link: parts.link,
            buses: parts.buses,
            clock: parts.clock,
            rng: parts.rng,
            config,
            origins,
            visitor_messages: Buckets::new(visitor),
            agent_messages: Buckets::new(agent),
            visitor_sessions: Buckets::new(sessions),
            readers_of_help: Buckets::new(Rate { per_s: HELP_PAGES_PER_S, burst: HELP_PAGES_BURST }),
            visits: Buckets::new(visitor),
            visitor_uploads: Buckets::new(uploads),
            assists: Buckets::new(Rate { per_s: ASSISTS_PER_MIN / 60.0, burst: ASSISTS_BURST }),
            assistant: OnceCell::new(),
            transcripts: Buckets::new(Rate { per_s: TRANSCRIPTS_PER_H / 3_600.0, burst: TRANSCRIPTS_BURST }),
            address_uploads: Buckets::new(of_address),
            uploads: Semaphore::new(UPLOADS),
            refused_uploads: Semaphore::new(UPLOADS),
            uploads_of: PerAddress::new(UPLOADS_PER_ADDRESS),
            downloads: Arc::new(Semaphore::new(DOWNLOADS)),
            downloads_of: PerAddress::new(DOWNLOADS_PER_ADDRESS),
        }
    }

    /// Makes a call, with a deadline.
    pub(crate) async fn ask<C: Call>(&self, by: Credential, call: C) -> Result<C::Reply, Failure>
    where
        dyn Link: Ask<C>,
    {
        let asking = <dyn Link as Ask<C>>::ask(&*self.link, by, call);
        match timeout(CALL_DEADLINE, asking).await {
            Ok(answer) => answer,
            Err(_) => Err(Failure::unavailable("no answer in time; look before you try again")),
        }
    }

    /// Tells everybody. It is a hint: a bus that is away does not hold us up.
    pub(crate) async fn tell(&self, notice: &Notice) {
        let envelope = notice.encode();
        let mut message = Message::new(envelope.subject, envelope.payload);
        for (name, value) in envelope.headers {
            message = message.header(name, value);
        }
        for bus in &self.buses {
            if let Err(error) = bus.publish(message.clone()).await {
                tracing::debug!(%error, "a hint is not told");
            }
        }
    }

    /// Seconds since the node started.
    pub(crate) fn now_s(&self) -> u64 {
        self.started.elapsed().as_secs()
    }

    /// A number for another reader.
    pub(crate) fn next_reader(&self) -> u64 {
        self.readers.fetch_add(1, Ordering::Relaxed)
    }

    /// Whether people reach us over TLS.
    pub(crate) fn is_https(&self) -> bool {
        self.origins.public().is_https()
    }

    /// Counts a message or note of whoever holds this, or whatever else a visitor changes in a conversation; refuses it before any work when it is one too many.
    pub(crate) fn admit_message(&self, by: &Credential) -> Result<(), Failure> {
        let now = Instant::now();
        let taken = match by {
            Credential::Visitor(token) => self.visitor_messages.take(token.clone(), now),
            Credential::Staff(token) => self.agent_messages.take(token.clone(), now),
            Credential::Nobody | Credential::Component => Ok(()),
        };
        taken.map_err(|wait| too_many("you are sending faster than can be read; wait a moment", wait))
    }

    /// Counts a file that a visitor uploads.
    pub(crate) fn admit_upload(&self, by: &Credential) -> Result<(), Failure> {
        let Credential::Visitor(token) = by else { return Ok(()) };
        let taken = self.visitor_uploads.take(token.clone(), Instant::now());
        taken.map_err(|wait| too_many("you are sending many files; wait a moment", wait))
    }

    /// Counts what an agent asks of the assistant.
    pub(crate) fn admit_assist(&self, by: &Credential) -> Result<(), Failure> {
        let Credential::Staff(token) = by else { return Ok(()) };
        let taken = self.assists.take(token.clone(), Instant::now());
        taken.map_err(|wait| too_many("you are asking the assistant very often; wait a moment", wait))
    }

    /// Counts what the visitors of this address upload, before any of it is read.
    pub(crate) fn admit_upload_of(
        &self,
        by: &Credential,
        address: IpAddr,
        bytes: i64,
    ) -> Result<(), Failure> {
        if !matches!(by, Credential::Visitor(_)) {
            return Ok(());
        }
        let kib = u32::try_from(bytes.max(0) / 1_024 + 1).unwrap_or(u32::MAX);
        let mib = f64::from(kib) / 1_024.0;
        let taken = self.address_uploads.take_some(mib, counted(address), Instant::now());
        taken.map_err(|wait| too_many("much was uploaded from your address; try again later", wait))
    }

    /// One of the uploads that an address may have at a time, so that those who may and send nothing keep only each other out.
    pub(crate) fn upload_of(&self, address: IpAddr) -> Result<Taken, Failure> {
        let detail = "many files are being sent from your address; try again in a moment";
        self.uploads_of.take(address).ok_or_else(|| too_many(detail, FILES_AGAIN))
    }

    /// One of the downloads that the visitors of an address may have at a time.
    pub(crate) fn download_of(&self, address: IpAddr) -> Result<Taken, Failure> {
        let detail = "many files are being fetched from your address; try again in a moment";
        self.downloads_of.take(address).ok_or_else(|| too_many(detail, FILES_AGAIN))
    }

    /// Counts what a visitor who is known tells of itself, as often as it may write.
    pub(crate) fn admit_visit(&self, by: &Credential) -> Result<(), Failure> {
        let Credential::Visitor(token) = by else { return Ok(()) };
        let taken = self.visits.take(token.clone(), Instant::now());
        taken.map_err(|wait| too_many("you are telling of yourself too often; wait a moment", wait))
    }

    /// Counts a transcript by e-mail that somebody at this address asks for.
    pub(crate) fn admit_transcript(&self, address: IpAddr) -> Result<(), Failure> {
        let taken = self.transcripts.take(counted(address), Instant::now());
        taken.map_err(|wait| too_many("many transcripts were asked for from your address; download it", wait))
    }

    /// Counts a help page for this address.
    pub(crate) fn admit_reader(&self, address: IpAddr) -> Result<(), Failure> {
        let taken = self.readers_of_help.take(counted(address), Instant::now());
        taken.map_err(|wait| too_many("you are reading faster than anybody can; wait a moment", wait))
    }

    /// Counts a new visitor session of this address.
    pub(crate) fn admit_arrival(&self, address: IpAddr) -> Result<(), Failure> {
        self.visitor_sessions.take(counted(address), Instant::now()).map_err(arrivals)
    }
}

fn arrivals(wait: Duration) -> Failure {
    too_many("too many new visitors from this address; wait a moment", wait)
}

fn too_many(detail: &str, wait: Duration) -> Failure {
    let ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
    Failure::rate_limited(detail, ms)
}
