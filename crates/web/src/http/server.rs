//! Connections: as many as agreed, each with deadlines, all of them ended in good order.

use super::address::Peer;
use crate::limits::{CONNECTIONS, HEAD_BYTES, HEADER_DEADLINE, HEADER_FIELDS};
use axum::Router;
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How long to wait when a connection cannot be accepted, which mostly means: no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Accepts until `stop` is true. Connections go on until what they carry has ended; `connections` counts them.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    connections: Arc<Semaphore>,
    mut stop: watch::Receiver<bool>,
) {
    let service = TowerToHyperService::new(router);
    loop {
        let place = tokio::select! {
            () = stopped(&mut stop) => return,
            place = Arc::clone(&connections).acquire_owned() => place,
        };
        let Ok(place) = place else { return };
        let accepted = tokio::select! {
            () = stopped(&mut stop) => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "small packets will wait");
                }
                tokio::spawn(attend(stream, peer.ip(), service.clone(), place, stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Waits until `stop` is true; also when nobody is left who could say so.
pub(crate) async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The guard must not live across an await, so it ends here.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// A node's places for connections.
pub(crate) fn places() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(CONNECTIONS))
}

/// Serves one connection of `peer`'s, whatever carries it, until it ends.
pub(crate) async fn attend<I>(
    io: I,
    peer: IpAddr,
    inner: TowerToHyperService<Router>,
    place: OwnedSemaphorePermit,
    mut stop: watch::Receiver<bool>,
) where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    // A socket's task takes its own place when the connection is upgraded, see `socket::upgrade`.
    let _place = place;
    let service = FromPeer { inner, peer: Peer(peer) };
    let connection = hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_DEADLINE)
        .max_headers(HEADER_FIELDS)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(io), service)
        .with_upgrades();
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = stopped(&mut stop) => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection broke");
    }
}

/// Puts the peer's address into every request.
struct FromPeer {
    inner: TowerToHyperService<Router>,
    peer: Peer,
}

type Inner = TowerToHyperService<Router>;

impl Service<http::Request<Incoming>> for FromPeer {
    type Response = <Inner as Service<http::Request<Incoming>>>::Response;
    type Error = <Inner as Service<http::Request<Incoming>>>::Error;
    type Future = <Inner as Service<http::Request<Incoming>>>::Future;

    fn call(&self, mut request: http::Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.inner.call(request)
    }
}
