//! Who may not make a call at all is told so, whatever is wrong with what was sent: the dbmgr decides who may, but a
//! body or query that cannot be read never comes to it.

use super::route::By;
use crate::edge::{Edge, Shared};
use crate::http::problem::Refused;
use crate::http::speaker::{bearer, session};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::call::visitor::ListOwnConversations;
use switchboard_wire::{Access, Actor, Credential, Failure, Problem};

/// What this is asked with.
#[derive(Clone)]
pub(crate) struct Gate {
    pub(crate) edge: Shared,
    pub(crate) by: By,
    pub(crate) access: Access,
}

/// Asks who it is once more when a request was refused for what it says.
pub(crate) async fn who_first(State(gate): State<Gate>, request: Request, next: Next) -> Response {
    let by = match gate.by {
        By::Staff => session(&gate.edge, request.headers()).map(Credential::Staff),
        By::Visitor => bearer(request.headers()),
        By::Anyone | By::OurPage => None,
    };
    let response = next.run(request).await;
    match by {
        Some(by) if speaks_of_content(response.status()) => {
            // A dbmgr that is away now changes nothing: what was said is still true.
            let refused = refusal(&gate.edge, gate.access, by).await.err();
            let refused = refused.filter(|failure| failure.problem != Problem::Unavailable);
            refused.map_or(response, |failure| Refused(failure).into_response())
        }
        _ => response,
    }
}

fn speaks_of_content(status: StatusCode) -> bool {
    matches!(
        status,
        StatusCode::BAD_REQUEST
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE
            | StatusCode::UNPROCESSABLE_ENTITY
    )
}

async fn refusal(edge: &Edge, access: Access, by: Credential) -> Result<(), Failure> {
    if matches!(by, Credential::Visitor(_)) {
        return edge.ask(by, ListOwnConversations { limit: Some(1), cursor: None }).await.map(drop);
    }
    let own = edge.ask(by, GetSession {}).await?.account;
    let actor = if own.must_change_password { Actor::Newcomer } else { Actor::Staff(own.role) };
    match actor {
        _ if access.allows(actor) => Ok(()),
        Actor::Newcomer => Err(Failure::password_change_required()),
        _ => Err(Failure::wrong_role()),
    }
}
