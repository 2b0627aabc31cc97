//! One request and its answer.

use crate::failure::Failure;
use crate::limits::{ADDRESSES, ANSWER_BYTES, AT_ONCE, CONNECT_DEADLINE, RESOLVE_DEADLINE};
use crate::opened::Opened;
use crate::places::Places;
use crate::policy::Policy;
use crate::target::Target;
use crate::tls::Tls;
use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, HOST, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls_pki_types::CertificateDer;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout, timeout_at};

const AGENT: HeaderValue = HeaderValue::from_static(concat!("Switchboard/", env!("CARGO_PKG_VERSION")));

/// Sends requests. Clones share what is under way.
#[derive(Debug, Clone)]
pub struct Client {
    policy: Arc<Policy>,
    tls: Tls,
    places: Arc<Places>,
}

/// What is sent.
#[derive(Debug, Clone)]
pub struct Request {
    /// How.
    pub method: Method,
    /// With these headers; `Host`, `User-Agent` and the length are added.
    pub headers: HeaderMap,
    /// What.
    pub body: Bytes,
    /// Everything, from resolving the name to the last byte of the answer, takes at most so long.
    pub within: Duration,
}

/// What came back. Any status is an answer, a redirect too.
#[derive(Debug, Clone)]
pub struct Answer {
    /// How it went there.
    pub status: StatusCode,
    /// With these headers.
    pub headers: HeaderMap,
    /// At most [`ANSWER_BYTES`].
    pub body: Bytes,
}

/// Ends the connection's task with the request that it was made for.
#[derive(Debug)]
pub(crate) struct Attended(JoinHandle<()>);

impl Drop for Attended {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Client {
    /// A client that keeps to `policy` and trusts the roots of the web and `roots`.
    ///
    /// # Errors
    /// Which of `roots` is no certificate.
    pub fn new(policy: Policy, roots: &[CertificateDer<'_>]) -> Result<Self, String> {
        let places = Arc::new(Places::new());
        Ok(Self { policy: Arc::new(policy), tls: Tls::new(roots)?, places })
    }

    /// The same, for whoever asks one server alone: that may have all the places.
    #[must_use]
    pub fn for_one_server(self) -> Self {
        Self { places: Arc::new(Places::with(AT_ONCE)), ..self }
    }

    /// Sends a request and reads its answer.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn send(&self, target: &Target, request: Request) -> Result<Answer, Failure> {
        let mut opened = self.open(target, request, ANSWER_BYTES).await?;
        let mut body = BytesMut::new();
        while let Some(piece) = opened.next().await? {
            body.extend_from_slice(&piece);
        }
        Ok(Answer { status: opened.status, headers: opened.headers, body: body.freeze() })
    }

    /// Sends a request, and gives the body of its answer piece by piece: at most so many bytes, and all of it within the
    /// request's time.
    ///
    /// # Errors
    /// Why there is no answer.
    pub async fn open(&self, target: &Target, request: Request, bytes: usize) -> Result<Opened, Failure> {
        let ends = Instant::now() + request.within;
        let asking = async {
            if target.plain && !self.policy.http {
                return Err(Failure::Plain);
            }
            let place = self.places.take(&target.host).await.ok_or(Failure::Late)?;
            let addresses = self.resolve(target).await?;
            let stream = connect(&addresses).await?;
            let (head, attended) = if target.plain {
                exchange(stream, target, request).await?
            } else {
                let securing = timeout(CONNECT_DEADLINE, self.tls.connect(&target.host, stream));
                exchange(securing.await.map_err(|_| Failure::Late)??, target, request).await?
            };
            Ok(Opened::new(head, bytes, ends, (attended, place)))
        };
        timeout_at(ends, asking).await.unwrap_or(Err(Failure::Late))
    }

    /// The addresses of a server; if one of them is closed to us, all are: who mixes them means no good.
    async fn resolve(&self, target: &Target) -> Result<Vec<SocketAddr>, Failure> {
        let found: Vec<SocketAddr> = match target.host.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, target.port)],
            Err(_) => {
                let looking = lookup_host((target.host.as_str(), target.port));
                let found = timeout(RESOLVE_DEADLINE, looking).await.map_err(|_| Failure::Late)?;
                found.map_err(|error| Failure::Name(error.to_string()))?.collect()
            }
        };
        for address in &found {
            self.policy.check(address.ip())?;
        }
        if found.is_empty() {
            return Err(Failure::Name("it has no address".into()));
        }
        Ok(found)
    }
}

async fn connect(addresses: &[SocketAddr]) -> Result<TcpStream, Failure> {
    let mut failure = Failure::Late;
    for address in addresses.iter().take(ADDRESSES) {
        match timeout(CONNECT_DEADLINE, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = Failure::Connect(error.to_string()),
            Err(_) => failure = Failure::Connect("nobody answers at its address".into()),
        }
    }
    Err(failure)
}

async fn exchange<I>(
    stream: I,
    target: &Target,
    request: Request,
) -> Result<(http::Response<Incoming>, Attended), Failure>
where
    I: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let broken = |error: hyper::Error| Failure::Broken(error.to_string());
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(broken)?;
    let attended = Attended(tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection to somebody else's server broke");
        }
    }));
    let Request { method, headers, body, .. } = request;
    let length = HeaderValue::from(body.len());
    let mut message = http::Request::new(Full::new(body));
    *message.method_mut() = method;
    *message.uri_mut() = target.path.clone().into();
    *message.headers_mut() = headers;
    let own = [(HOST, target.authority.clone()), (USER_AGENT, AGENT), (CONTENT_LENGTH, length)];
    message.headers_mut().extend(own);
    Ok((sender.send_request(message).await.map_err(broken)?, attended))
}
