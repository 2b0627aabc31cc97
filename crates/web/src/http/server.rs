//! Connections: as many as agreed, each with deadlines, all of them ended in good order.

use super::address::Peer;
use super::patient::Patient;
use crate::limits::{CONNECTIONS, HEAD_BYTES, HEADER_DEADLINE, HEADER_FIELDS};
use crate::per_address::{PerAddress, Taken};
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
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How long to wait when a connection cannot be accepted, which mostly means: no descriptors left.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// What a connection is told of whose address there are too many already; all that can be said before any work.
const TOO_MANY: &[u8] = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 5\r\nconnection: close\r\n\
    content-type: application/problem+json\r\ncontent-length: 156\r\n\r\n\
    {\"type\":\"/problems/rate-limited\",\"title\":\"Too many requests\",\"status\":429,\
    \"detail\":\"too many connections from this address; close some, or try again later\"}";

/// Accepts until `stop` is true. Connections go on until what they carry has ended; `connections` counts them.
pub(crate) async fn accept(
    listener: TcpListener,
    router: Router,
    connections: Arc<Semaphore>,
    callers: Callers,
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
                match callers.admit(peer.ip()) {
                    Ok(caller) => {
                        let place = (place, caller);
                        tokio::spawn(attend(stream, peer.ip(), service.clone(), place, stop.clone()));
                    }
                    Err(TooMany) => refuse(&stream),
                }
            }
            Err(error) => {
                tracing::warn!(%error, "a connection cannot be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// How many connections each address has; those of `proxies` are everybody's and are not counted.
#[derive(Debug)]
pub(crate) struct Callers {
    pub(crate) connections: PerAddress,
    pub(crate) proxies: Vec<IpAddr>,
}

struct TooMany;

impl Callers {
    fn admit(&self, peer: IpAddr) -> Result<Option<Taken>, TooMany> {
        let peer = peer.to_canonical();
        if self.proxies.iter().any(|proxy| proxy.to_canonical() == peer) {
            return Ok(None);
        }
        self.connections.take(peer).map(Some).ok_or(TooMany)
    }
}

/// Says why, if there is room for it, which there is in a new connection; nothing is waited for.
fn refuse(stream: &TcpStream) {
    if let Err(error) = stream.try_write(TOO_MANY) {
        tracing::debug!(%error, "a connection too many is closed without a word");
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
    place: (OwnedSemaphorePermit, Option<Taken>),
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
        .serve_connection(TokioIo::new(Patient::new(io)), service)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_so_many_connections_and_a_proxy_any_number() {
        let proxies = vec!["10.0.0.1".parse().unwrap()];
        let callers = Callers { connections: PerAddress::new(1), proxies };
        let admit = |peer: &str| callers.admit(peer.parse().unwrap());
        let first = admit("192.0.2.1");
        assert!(first.is_ok() && admit("::ffff:192.0.2.1").is_err() && admit("192.0.2.2").is_ok());
        drop(first);
        assert!(admit("192.0.2.1").is_ok());
        let all = ["10.0.0.1", "::ffff:10.0.0.1", "10.0.0.1"].map(admit);
        assert!(all.iter().all(Result::is_ok));
    }

    #[test]
    fn what_is_said_to_one_too_many_is_as_long_as_it_says() {
        let said = std::str::from_utf8(TOO_MANY).unwrap();
        let (head, body) = said.split_once("\r\n\r\n").unwrap();
        assert!(head.ends_with(&format!("content-length: {}", body.len())), "{head} {}", body.len());
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(
            (problem["status"].as_u64(), &problem["type"]),
            (Some(429), &"/problems/rate-limited".into())
        );
    }
}
