//! The sockets (contract §3): who may open one, and what is said on it.

pub(crate) mod bye;
pub(crate) mod channel;
mod frames;
mod hello;
pub(crate) mod outbox;
pub(crate) mod places;
pub(crate) mod previews;
pub(crate) mod reader;
mod seen;
mod task;
mod upgrade;
pub(crate) mod wheel;

use crate::edge::Shared;
use crate::http::origin::From;
use crate::http::problem::{Answer, Refused};
use crate::http::speaker::{self, address};
use crate::socket::upgrade::Handshake;
use axum::extract::FromRequestParts;
use axum::response::Response;
use http::HeaderMap;
use http::request::Parts;
use std::net::IpAddr;
use switchboard_domain::{Role, TokenHash};
use switchboard_wire::call::session::GetSession;
use switchboard_wire::{Credential, Failure, Problem};

/// Who is about to say hello.
#[derive(Debug)]
pub(super) enum Opening {
    /// Somebody; the token comes in the first frame.
    Visitor,
    /// An agent with this session.
    Agent(TokenHash),
}

/// A request to open a socket, from a page that may.
pub(crate) struct Upgrade {
    edge: Shared,
    handshake: Handshake,
    headers: HeaderMap,
    address: IpAddr,
}

impl FromRequestParts<Shared> for Upgrade {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Shared) -> Result<Self, Refused> {
        let address = address(parts, edge);
        let handshake = Handshake::read(parts)?;
        Ok(Self { edge: Shared::clone(edge), handshake, headers: parts.headers.clone(), address })
    }
}

/// `GET /visitor/socket`: from our own pages, those of an inbox's sites, or a program without an `Origin`.
pub(crate) async fn visitor(upgrade: Upgrade) -> Answer<Response> {
    match upgrade.edge.origins.of(&upgrade.headers) {
        From::Own | From::Site | From::Unsaid => upgrade.open(Opening::Visitor),
        From::Foreign => Err(foreign()),
    }
}

/// `GET /agent/socket`: from our own pages, with the session cookie of an agent.
pub(crate) async fn agent(upgrade: Upgrade) -> Answer<Response> {
    if upgrade.edge.origins.of(&upgrade.headers) != From::Own {
        return Err(foreign());
    }
    let token = speaker::session(&upgrade.edge, &upgrade.headers).ok_or_else(Failure::unauthenticated)?;
    let account = upgrade.edge.ask(Credential::Staff(token.clone()), GetSession {}).await?.account;
    if account.must_change_password {
        return Err(Refused::new(Problem::PasswordChangeRequired, "change the initial password first"));
    }
    if account.role != Role::Agent {
        return Err(Refused::new(Problem::Forbidden, "this socket is for agents"));
    }
    upgrade.open(Opening::Agent(token))
}

fn foreign() -> Refused {
    Refused::new(Problem::ForeignOrigin, "a socket may not be opened from this page")
}

impl Upgrade {
    fn open(self, opening: Opening) -> Answer<Response> {
        let Self { edge, handshake, address, .. } = self;
        let place = edge.places.take(address)?;
        Ok(handshake.accept(move |channel| task::run(edge, channel, opening, place)))
    }
}
