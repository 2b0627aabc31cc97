//! A line of the table of routes.

use super::BASE;
use super::describe::{Describe, Schemas};
use crate::edge::Shared;
use axum::handler::Handler;
use axum::routing::{MethodFilter, MethodRouter, on};
use http::Method;
use std::marker::PhantomData;
use switchboard_domain::Role;
use switchboard_wire::{Access, Actor, Call};
use utoipa::IntoParams;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::openapi::schema::Schema;

/// How a caller of a route says who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// Not at all, but the `Origin` must be ours.
    OurPage,
    /// By the session cookie; unless it only reads, the `Origin` must be ours too.
    Staff,
    /// By the bearer token, if there is one already.
    Anyone,
    /// By the bearer token.
    Visitor,
}

/// What a body looks like: adds to the schemas, answers its own.
pub(crate) type Body = fn(&mut Schemas) -> Option<RefOr<Schema>>;

/// A route: everything about it that the outside may know.
pub(crate) struct Route {
    pub(crate) method: Method,
    /// Below [`BASE`].
    pub(crate) path: &'static str,
    pub(crate) by: By,
    pub(crate) access: Access,
    pub(crate) query: Vec<Parameter>,
    pub(crate) body: Body,
    pub(crate) status: u16,
    pub(crate) answer: Body,
    /// The answer's media type.
    pub(crate) kind: &'static str,
    /// The body's media type.
    pub(crate) body_kind: &'static str,
    pub(crate) summary: &'static str,
}

impl Route {
    pub(crate) fn new<C: Call, B: Describe, Q: IntoParams, A: Describe>(
        method: Method,
        path: &'static str,
        by: By,
        access: Option<Access>,
        status: u16,
        summary: &'static str,
        _: PhantomData<(C, B, Q, A)>,
    ) -> Self {
        Self {
            method,
            path,
            by,
            access: access.unwrap_or(C::ACCESS),
            query: Q::into_params(|| Some(ParameterIn::Query)),
            body: B::describe,
            status,
            answer: A::describe,
            kind: A::KIND,
            body_kind: B::KIND,
            summary,
        }
    }

    /// The whole path.
    pub(crate) fn full_path(&self) -> String {
        full_path(self.path)
    }

    /// Whether this actor can get through: by the way it says who it is, and by the call behind it.
    pub(crate) fn allows(&self, actor: Actor) -> bool {
        let reaches = match self.by {
            By::OurPage | By::Anyone => true,
            By::Staff => matches!(actor, Actor::Staff(_) | Actor::Newcomer),
            By::Visitor => actor == Actor::Visitor,
        };
        reaches && self.access.allows(actor)
    }
}

/// A path of the table with what it is below.
pub(crate) fn full_path(path: &str) -> String {
    format!("{BASE}{path}")
}

/// A route with what answers it.
pub(crate) struct Served {
    /// Below [`BASE`].
    pub(crate) path: &'static str,
    pub(crate) handler: MethodRouter<Shared>,
    pub(crate) by: By,
    pub(crate) access: Access,
}

impl Served {
    pub(crate) fn new<C: Call, H: Handler<T, Shared>, T: 'static>(
        method: Method,
        path: &'static str,
        handler: H,
        by: By,
        access: Option<Access>,
    ) -> Self {
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::TRACE);
        Self { path, handler: on(filter, handler), by, access: access.unwrap_or(C::ACCESS) }
    }
}

/// The columns of the table of roles.
pub(crate) const ACTORS: [(&str, Actor); 6] = [
    ("anyone", Actor::Anyone),
    ("visitor", Actor::Visitor),
    ("agent", Actor::Staff(Role::Agent)),
    ("admin", Actor::Staff(Role::Admin)),
    ("super admin", Actor::Staff(Role::SuperAdmin)),
    ("before the first password change", Actor::Newcomer),
];
