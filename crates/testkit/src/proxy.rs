//! A TCP proxy that behaves as badly as it is told to: it cuts connections in the middle of anything, holds them up,
//! lets them hang half open, and refuses them. It forwards to one address and knows nothing of what it forwards.

mod link;

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use crate::port::Port;
use link::Link;

/// How long to wait before listening again when the port was not free.
const AGAIN: Duration = Duration::from_millis(20);

/// How it misbehaves. The default is not at all.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Faults {
    /// Each connection that opens from now on is cut after so many bytes, drawn from this range, in one direction,
    /// which is drawn too. Half of the cuts look like a reset, half like a close.
    pub cut_after: Option<Range<u64>>,
    /// How long each piece of at most some kilobytes is held up, drawn from this range.
    pub delay: Option<Range<Duration>>,
    /// Bytes in a second, in each direction of each connection.
    pub rate: Option<u64>,
    /// Nothing moves from the client to the server any more, and nobody is told.
    pub deaf_to_client: bool,
    /// Nothing moves from the server to the client any more, and nobody is told.
    pub deaf_to_server: bool,
    /// Nobody listens. Connections that are open stay so.
    pub refuse: bool,
}

impl Faults {
    /// Half open: connections stay and new ones are accepted, but nothing moves in either direction.
    #[must_use]
    pub fn half_open() -> Self {
        Self { deaf_to_client: true, deaf_to_server: true, ..Self::default() }
    }

    /// Nobody listens.
    #[must_use]
    pub fn refusing() -> Self {
        Self { refuse: true, ..Self::default() }
    }

    /// New connections are cut after so many bytes.
    #[must_use]
    pub fn cutting(bytes: Range<u64>) -> Self {
        Self { cut_after: Some(bytes), ..Self::default() }
    }
}

/// A running proxy; its connections end with it.
#[derive(Debug)]
pub struct Proxy {
    port: Port,
    controls: Arc<Controls>,
    task: JoinHandle<()>,
}

/// What the handle and the connections share.
#[derive(Debug)]
struct Controls {
    target: Mutex<String>,
    faults: watch::Sender<Faults>,
    /// Counts up when everything is to be cut.
    cut: watch::Sender<u64>,
    opened: AtomicU64,
    cuts: AtomicU64,
    seed: u64,
}

impl Proxy {
    /// Listens on a port of its own and forwards to `target` (`127.0.0.1:PORT`). What it draws follows from `seed` and
    /// the order in which connections come.
    ///
    /// # Errors
    /// When there is no free port.
    pub async fn start(target: &str, seed: u64) -> anyhow::Result<Self> {
        let port = Port::reserve()?;
        let listener = TcpListener::bind(("127.0.0.1", port.number())).await.context("the proxy's port")?;
        let controls = Arc::new(Controls {
            target: Mutex::new(target.to_owned()),
            faults: watch::Sender::new(Faults::default()),
            cut: watch::Sender::new(0),
            opened: AtomicU64::new(0),
            cuts: AtomicU64::new(0),
            seed,
        });
        let task = tokio::spawn(accept(port.number(), listener, Arc::clone(&controls)));
        Ok(Self { port, controls, task })
    }

    /// Forwards connections that open from now on to this address: for a proxy that was there before its target.
    pub fn aim(&self, target: &str) {
        target.clone_into(&mut self.controls.target.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Where clients connect: `127.0.0.1:PORT`.
    #[must_use]
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port.number())
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// Misbehaves like this from now on. All but `cut_after` holds for open connections too.
    pub fn set(&self, faults: Faults) {
        self.controls.faults.send_replace(faults);
    }

    /// Forwards properly again; what was held up moves on.
    pub fn heal(&self) {
        self.set(Faults::default());
    }

    /// Cuts every open connection now.
    pub fn cut_all(&self) {
        self.controls.cut.send_modify(|times| *times += 1);
    }

    /// Connections accepted so far.
    #[must_use]
    pub fn opened(&self) -> u64 {
        self.controls.opened.load(Ordering::Relaxed)
    }

    /// Connections cut so far, one by one or all together.
    #[must_use]
    pub fn cuts(&self) -> u64 {
        self.controls.cuts.load(Ordering::Relaxed)
    }
}

impl Controls {
    fn target(&self) -> String {
        self.target.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Accepts for ever; while nobody is to listen, nobody does.
async fn accept(port: u16, listener: TcpListener, controls: Arc<Controls>) {
    let mut listener = Some(listener);
    let mut faults = controls.faults.subscribe();
    let mut links = JoinSet::new();
    loop {
        let refuse = faults.borrow_and_update().refuse;
        if refuse {
            listener = None;
        } else if listener.is_none() {
            listener = TcpListener::bind(("127.0.0.1", port)).await.ok();
        }
        tokio::select! {
            stream = next(listener.as_ref()) => {
                if let Some(client) = stream {
                    let number = controls.opened.fetch_add(1, Ordering::Relaxed);
                    let link = Link::new(Arc::clone(&controls), number);
                    links.spawn(link.run(client));
                }
            }
            changed = faults.changed() => {
                if changed.is_err() {
                    return;
                }
            }
            Some(_) = links.join_next() => {}
            () = tokio::time::sleep(AGAIN), if listener.is_none() && !refuse => {}
        }
    }
}

/// The next client; never one while nobody listens.
async fn next(listener: Option<&TcpListener>) -> Option<TcpStream> {
    match listener {
        Some(listener) => listener.accept().await.ok().map(|(stream, _)| stream),
        None => std::future::pending().await,
    }
}
