//! What tests of single rooms stand on.

use crate::Parts;
use crate::config::WebConfig;
use crate::edge::{Edge, Shared};
use crate::http::origin::{Origin, Origins};
use crate::link::{Ask, Link};
use futures_util::future::BoxFuture;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use switchboard_domain::{Clock, Millis, Rng};
use switchboard_wire::{Call, Credential, Failure};
use tokio::sync::Semaphore;

/// A dbmgr that never answers.
struct Silent;

impl<C: Call> Ask<C> for Silent {
    fn ask(&self, _: Credential, _: C) -> BoxFuture<'_, Result<C::Reply, Failure>> {
        Box::pin(std::future::pending())
    }
}

impl Link for Silent {}

struct Noon;

impl Clock for Noon {
    fn now(&self) -> Millis {
        0
    }

    fn elapsed(&self) -> Millis {
        0
    }
}

struct Dice;

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(4);
    }
}

/// A node by itself, before anybody comes.
pub(crate) fn edge() -> Shared {
    let parts = Parts { link: Arc::new(Silent), buses: vec![], clock: Arc::new(Noon), rng: Arc::new(Dice) };
    let public = Origin::parse("https://chat.example.org").unwrap();
    let origins = Origins::new(public, SocketAddr::from((Ipv4Addr::LOCALHOST, 80)), vec![]);
    Arc::new(Edge::new(parts, WebConfig::default(), origins, Arc::new(Semaphore::new(1))))
}
