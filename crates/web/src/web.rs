//! A running node: from its parts to the first connection, and to the end of the last one.

use crate::config::WebConfig;
use crate::edge::{Edge, Shared};
use crate::follow::{listen, lists, repair};
use crate::http::headers::complete;
use crate::http::origin::{BadOrigin, Origin, Origins};
use crate::http::problem::{method_not_allowed, not_found};
use crate::http::server::{Callers, accept, attend, places};
use crate::limits::{CONNECTIONS, CONNECTIONS_PER_SOCKET, DRAIN_DEADLINE};
use crate::link::Link;
use crate::per_address::PerAddress;
use crate::socket::bye::Bye;
use crate::socket::wheel;
use crate::staffing::{here, leases};
use crate::visitor::cut_off;
use crate::{api, health, help, pages};
use axum::{Router, middleware};
use hyper_util::service::TowerToHyperService;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use switchboard_bus::Bus;
use switchboard_domain::{Clock, Rng};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::timeout;

/// What a node is made of.
pub struct Parts {
    /// The way to a dbmgr.
    pub link: Arc<dyn Link>,
    /// Where notices are heard and hints are told: the one in process, NATS, or both. What comes twice counts once.
    pub buses: Vec<Arc<dyn Bus>>,
    /// The wall clock.
    pub clock: Arc<dyn Clock>,
    /// For secrets and for spreading.
    pub rng: Arc<dyn Rng>,
}

/// Why a node cannot be started.
#[derive(Debug, thiserror::Error)]
pub enum WebError {
    /// The configuration has what is no origin.
    #[error(transparent)]
    Origin(#[from] BadOrigin),
    /// The listener does not say where it listens.
    #[error("the address listened on is not known: {0}")]
    Listener(#[from] std::io::Error),
    /// A bus does not take subscriptions.
    #[error("the bus cannot be listened to: {0}")]
    Bus(#[from] switchboard_bus::BusError),
}

/// A running node.
pub struct Web {
    address: SocketAddr,
    edge: Shared,
    /// What goes on beside the connections; ends with the node.
    tasks: JoinSet<()>,
    accepting: JoinHandle<()>,
    router: Router,
    connections: Arc<Semaphore>,
}

/// Serves HTTP and sockets on `listener` until [`Web::stop`]. Database and bus may be away still.
///
/// # Errors
/// [`WebError`]
pub async fn serve(listener: TcpListener, config: WebConfig, parts: Parts) -> Result<Web, WebError> {
    let address = listener.local_addr()?;
    let public = match &config.public_url {
        Some(url) => Origin::parse(url)?,
        None => Origin::parse(&format!("http://{address}"))?,
    };
    let sites = config.sites.iter().map(|site| Origin::parse(site)).collect::<Result<_, _>>()?;
    let origins = Origins::new(public, address, sites);
    let connections = places();
    let most = config.limits.sockets_per_address.saturating_mul(CONNECTIONS_PER_SOCKET);
    let callers = Callers { connections: PerAddress::new(most), proxies: config.proxies.clone() };
    let edge = Arc::new(Edge::new(parts, config, origins, Arc::clone(&connections)));
    let mut tasks = JoinSet::new();
    listen::start(&edge, &mut tasks).await?;
    tasks.spawn(repair::run(Arc::clone(&edge)));
    tasks.spawn(lists::run(Arc::clone(&edge)));
    tasks.spawn(leases::run(Arc::clone(&edge)));
    tasks.spawn(here::run(Arc::clone(&edge)));
    tasks.spawn(cut_off::run(Arc::clone(&edge)));
    tasks.spawn(wheel::run(Arc::clone(&edge)));
    let router = router(&edge);
    let accepting =
        accept(listener, router.clone(), Arc::clone(&connections), callers, edge.stop.subscribe());
    let accepting = tokio::spawn(accepting);
    Ok(Web { address, edge, tasks, accepting, router, connections })
}

fn router(edge: &Shared) -> Router {
    Router::new()
        .merge(api::routes::router(edge))
        .merge(health::router())
        .merge(help::router())
        .merge(pages::router())
        .fallback(not_found)
        .method_not_allowed_fallback(method_not_allowed)
        .layer(middleware::from_fn_with_state(Arc::clone(edge), complete))
        .with_state(Arc::clone(edge))
}

impl Web {
    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address by which people reach it.
    #[must_use]
    pub fn public_url(&self) -> String {
        self.edge.origins.public().text()
    }

    /// Serves a connection that did not come through the listener, such as one in memory, as if `peer` had opened it;
    /// comes back when it has ended or, upgraded to a WebSocket, changed hands.
    pub async fn attend<I>(&self, io: I, peer: IpAddr)
    where
        I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        // The semaphore is never closed.
        let Ok(place) = Arc::clone(&self.connections).acquire_owned().await else { return };
        let service = TowerToHyperService::new(self.router.clone());
        attend(io, peer, service, (place, None), self.edge.stop.subscribe()).await;
    }

    /// Whether it can do its work now: a real round trip to database and buses.
    ///
    /// # Errors
    /// What is away, in words.
    pub async fn ready(&self) -> Result<(), String> {
        health::check(&self.edge).await
    }

    /// Takes no new connections, asks sockets to come back elsewhere or later, and waits until everything in hand
    /// is done, at most [`DRAIN_DEADLINE`].
    pub async fn stop(self) {
        self.edge.stop.send_replace(true);
        self.edge.hub.index.end_all(|| Bye::restart(&*self.edge.rng));
        let all = u32::try_from(CONNECTIONS).unwrap_or(u32::MAX);
        let drained = async {
            // The accepting task cannot have failed in a way that matters now.
            let _ = self.accepting.await;
            self.connections.acquire_many(all).await.is_ok()
        };
        if timeout(DRAIN_DEADLINE, drained).await.is_err() {
            tracing::warn!("some connections did not end in time");
        }
        drop(self.tasks);
    }
}
