//! The gate of the edge: a handler gets at a dbmgr only through one of these, and each carries a credential that
//! the dbmgr checks where the call commits. None of them believes an account id.

use super::address::{Peer, client};
use super::cookie;
use super::origin::From;
use super::problem::{Answer, Refused};
use crate::edge::{Edge, Shared};
use crate::link::{Ask, Link};
use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, Method};
use std::net::IpAddr;
use switchboard_domain::TokenHash;
use switchboard_wire::{Call, Credential, Failure, Problem};

/// A member of staff, by the session cookie. State-changing calls must come from our own pages.
pub(crate) struct Staff {
    edge: Shared,
    by: Credential,
}

/// A visitor, by the bearer token.
pub(crate) struct Visitor {
    edge: Shared,
    by: Credential,
}

/// Anyone, for what needs no credential; a visitor's token is kept for where it helps.
pub(crate) struct Anyone {
    pub(crate) edge: Shared,
    pub(crate) visitor: Option<Credential>,
    pub(crate) address: IpAddr,
}

/// Anyone on one of our own pages.
pub(crate) struct OwnPage {
    pub(crate) edge: Shared,
    pub(crate) address: IpAddr,
}

impl Staff {
    pub(crate) async fn ask<C: Call>(&self, call: C) -> Answer<C::Reply>
    where
        dyn Link: Ask<C>,
    {
        Ok(self.edge.ask(self.by.clone(), call).await?)
    }

    pub(crate) fn edge(&self) -> &Edge {
        &self.edge
    }

    pub(crate) fn shared(&self) -> Shared {
        Shared::clone(&self.edge)
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.by
    }
}

impl Visitor {
    pub(crate) async fn ask<C: Call>(&self, call: C) -> Answer<C::Reply>
    where
        dyn Link: Ask<C>,
    {
        Ok(self.edge.ask(self.by.clone(), call).await?)
    }

    pub(crate) fn edge(&self) -> &Edge {
        &self.edge
    }

    pub(crate) fn shared(&self) -> Shared {
        Shared::clone(&self.edge)
    }

    pub(crate) fn credential(&self) -> &Credential {
        &self.by
    }
}

impl FromRequestParts<Shared> for Staff {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Shared) -> Result<Self, Refused> {
        let reads = matches!(parts.method, Method::GET | Method::HEAD);
        if !reads {
            require_own_page(edge, &parts.headers)?;
        }
        let by = session(edge, &parts.headers).ok_or_else(|| Refused(Failure::unauthenticated()))?;
        Ok(Self { edge: Shared::clone(edge), by: Credential::Staff(by) })
    }
}

impl FromRequestParts<Shared> for OwnPage {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Shared) -> Result<Self, Refused> {
        require_own_page(edge, &parts.headers)?;
        Ok(Self { edge: Shared::clone(edge), address: address(parts, edge) })
    }
}

impl FromRequestParts<Shared> for Visitor {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Shared) -> Result<Self, Refused> {
        let by = bearer(&parts.headers).ok_or_else(|| {
            Refused::new(Problem::Unauthenticated, "send the visitor's token: Authorization: Bearer TOKEN")
        })?;
        Ok(Self { edge: Shared::clone(edge), by })
    }
}

impl FromRequestParts<Shared> for Anyone {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, edge: &Shared) -> Result<Self, Refused> {
        let visitor = bearer(&parts.headers);
        Ok(Self { edge: Shared::clone(edge), visitor, address: address(parts, edge) })
    }
}

/// The hash of the session's secret in the cookie.
pub(crate) fn session(edge: &Edge, headers: &HeaderMap) -> Option<TokenHash> {
    cookie::read(headers, edge.is_https()).map(TokenHash::of)
}

/// The client's address; see [`client`].
pub(crate) fn address(parts: &Parts, edge: &Edge) -> IpAddr {
    let peer = parts.extensions.get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
    client(peer, &parts.headers, &edge.config.proxies)
}

fn require_own_page(edge: &Edge, headers: &HeaderMap) -> Result<(), Refused> {
    let detail = match edge.origins.of(headers) {
        From::Own => return Ok(()),
        From::Unsaid => "send an Origin header with the public address of this installation",
        From::Site | From::Foreign => "this may only be done from the pages of this installation itself",
    };
    Err(Refused::new(Problem::ForeignOrigin, detail))
}

/// The hash of the visitor's token.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<Credential> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    let fits = scheme.eq_ignore_ascii_case("bearer") && !token.is_empty();
    fits.then(|| Credential::Visitor(TokenHash::of(token)))
}
