//! A small HTTP client: one request a connection, every byte of it in the test's hands.

use std::net::IpAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::{TcpSocket, TcpStream};

/// How long one call may take, connecting included.
pub const CALL: Duration = Duration::from_secs(20);

/// Who calls what: an address and the headers that every request carries.
#[derive(Debug, Clone)]
pub struct Http {
    address: String,
    origin: Option<String>,
    cookie: Option<String>,
    bearer: Option<String>,
    source: Option<IpAddr>,
    through: Option<String>,
}

impl Http {
    /// A nameless caller of the server at `address` (`127.0.0.1:PORT`), with the server's own origin.
    #[must_use]
    pub fn new(address: &str) -> Self {
        let origin = Some(format!("http://{address}"));
        Self { address: address.to_owned(), origin, cookie: None, bearer: None, source: None, through: None }
    }

    /// The same caller with another `Origin` header, or with none.
    #[must_use]
    pub fn with_origin(mut self, origin: Option<&str>) -> Self {
        self.origin = origin.map(str::to_owned);
        self
    }

    /// The same caller with a `Cookie` header (`name=value`), or with none.
    #[must_use]
    pub fn with_cookie(mut self, cookie: Option<&str>) -> Self {
        self.cookie = cookie.map(str::to_owned);
        self
    }

    /// The same caller with a bearer token, or with none.
    #[must_use]
    pub fn with_bearer(mut self, token: Option<&str>) -> Self {
        self.bearer = token.map(str::to_owned);
        self
    }

    /// The same caller from another loopback address, for limits that count by address.
    #[must_use]
    pub fn from_source(mut self, source: IpAddr) -> Self {
        self.source = Some(source);
        self
    }

    /// The same caller at another node; the origin becomes that node's own.
    #[must_use]
    pub fn at(mut self, address: &str) -> Self {
        self.address = address.to_owned();
        self.origin = self.origin.map(|_| format!("http://{address}"));
        self
    }

    /// The same caller, whose connections go through a proxy at `address`, which the server knows nothing of.
    #[must_use]
    pub fn through(mut self, address: &str) -> Self {
        self.through = Some(address.to_owned());
        self
    }

    /// The same caller at the node that `node` calls, by the same way.
    #[must_use]
    pub fn by(self, node: &Self) -> Self {
        let through = node.through.clone();
        Self { through, ..self.at(&node.address) }
    }

    /// `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The cookie that it sends.
    #[must_use]
    pub fn cookie(&self) -> Option<&str> {
        self.cookie.as_deref()
    }

    /// The `Origin` that it sends.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.origin.as_deref()
    }

    /// `GET /api/v1{path}`.
    ///
    /// # Errors
    /// When the server cannot be reached or does not answer within [`CALL`]; any status is an answer.
    pub async fn get(&self, path: &str) -> anyhow::Result<Reply> {
        self.call(Method::GET, path, None).await
    }

    /// `POST /api/v1{path}` with a JSON body.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn post(&self, path: &str, body: Value) -> anyhow::Result<Reply> {
        self.call(Method::POST, path, Some(body)).await
    }

    /// `PUT /api/v1{path}` with a JSON body.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn put(&self, path: &str, body: Value) -> anyhow::Result<Reply> {
        self.call(Method::PUT, path, Some(body)).await
    }

    /// `PATCH /api/v1{path}` with a JSON body.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn patch(&self, path: &str, body: Value) -> anyhow::Result<Reply> {
        self.call(Method::PATCH, path, Some(body)).await
    }

    /// `DELETE /api/v1{path}`.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn delete(&self, path: &str) -> anyhow::Result<Reply> {
        self.call(Method::DELETE, path, None).await
    }

    /// Any method on `/api/v1{path}`, with or without a JSON body.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn call(&self, method: Method, path: &str, body: Option<Value>) -> anyhow::Result<Reply> {
        let body = body.map(|json| ("application/json", Bytes::from(json.to_string())));
        self.raw(method, &format!("/api/v1{path}"), body).await
    }

    /// Any method on any path of the server, with any body of any type.
    ///
    /// # Errors
    /// As [`Http::get`].
    pub async fn raw(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Bytes)>,
    ) -> anyhow::Result<Reply> {
        let what = format!("{method} http://{}{path}", self.address);
        let call = Box::pin(self.exchange(method, path, body));
        tokio::time::timeout(CALL, call)
            .await
            .with_context(|| format!("{what}: no answer in {CALL:?}"))?
            .context(what)
    }

    /// Connects to the server or the proxy, from the address that was chosen, if one was.
    pub(crate) async fn connect(&self) -> anyhow::Result<TcpStream> {
        let address = self.through.as_ref().unwrap_or(&self.address);
        let stream = match self.source {
            None => TcpStream::connect(address).await?,
            Some(source) => {
                let socket = TcpSocket::new_v4()?;
                socket.bind((source, 0).into())?;
                socket.connect(address.parse()?).await?
            }
        };
        stream.set_nodelay(true)?;
        Ok(stream)
    }

    async fn exchange(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Bytes)>,
    ) -> anyhow::Result<Reply> {
        let what = format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(path).header(HOST, &self.address);
        let cookie = self.cookie.as_ref().map(|cookie| (COOKIE, cookie.clone()));
        let origin = self.origin.as_ref().map(|origin| (ORIGIN, origin.clone()));
        let bearer = self.bearer.as_ref().map(|token| (AUTHORIZATION, format!("Bearer {token}")));
        for (name, value) in [cookie, origin, bearer].into_iter().flatten() {
            request = request.header(name, value);
        }
        let bytes = match body {
            Some((kind, bytes)) => {
                request = request.header(CONTENT_TYPE, kind);
                bytes
            }
            None => Bytes::new(),
        };
        let stream = self.connect().await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        let driver = tokio::spawn(connection);
        let response = sender.send_request(request.body(Full::new(bytes))?).await?;
        let (head, body) = response.into_parts();
        let text = body.collect().await?.to_bytes();
        driver.abort();
        Ok(Reply { what, status: head.status, headers: head.headers, text })
    }
}

/// What the server answered.
#[derive(Debug, Clone)]
pub struct Reply {
    what: String,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it came.
    pub text: Bytes,
}

impl Reply {
    /// The body as JSON; null when it is empty or no JSON.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.text).unwrap_or(Value::Null)
    }

    /// The header's value, if there is one and it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The body as JSON, if the status is `status`.
    ///
    /// # Errors
    /// When it is another one; the message holds the call and the answer.
    pub fn expect(&self, status: u16) -> anyhow::Result<Value> {
        if self.status.as_u16() == status {
            return Ok(self.json());
        }
        bail!(
            "{}: {} instead of {status}: {}",
            self.what,
            self.status.as_u16(),
            String::from_utf8_lossy(&self.text)
        )
    }

    /// The body, if it is a problem document (RFC 9457) of this status and fits it.
    ///
    /// # Errors
    /// When it is another status, or not a whole problem document.
    pub fn problem(&self, status: u16) -> anyhow::Result<Value> {
        let body = self.expect(status)?;
        let kind = self.header("content-type").unwrap_or_default();
        let whole = kind.starts_with("application/problem+json")
            && body["status"] == status
            && body["type"].as_str().is_some_and(|name| name.starts_with("/problems/"))
            && body["title"].as_str().is_some_and(|title| !title.is_empty())
            && body["detail"].as_str().is_some_and(|detail| !detail.is_empty());
        if !whole {
            bail!("{}: no whole problem document ({kind}): {body}", self.what);
        }
        Ok(body)
    }
}
