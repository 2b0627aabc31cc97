//! `POST /visitor/session`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Anyone;
use serde::{Deserialize, Serialize};
use switchboard_domain::Secret;
use switchboard_wire::Credential;
use switchboard_wire::call::visitor::ArriveVisitor;
use switchboard_wire::view;
use utoipa::ToSchema;

/// What a visitor tells.
#[derive(Deserialize, ToSchema)]
pub(crate) struct ArriveBody {
    /// The visitor's name.
    name: Option<String>,
    /// The visitor's e-mail address.
    email: Option<String>,
    /// The browser's language.
    locale: Option<String>,
    /// The page that the visitor is on.
    page: Option<String>,
    /// The inbox.
    inbox: Option<String>,
}

/// The visitor, and the token if it is a new one.
#[derive(Serialize, ToSchema)]
pub(crate) struct VisitorSession {
    /// The visitor.
    visitor: view::Visitor,
    /// The new visitor's secret, shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// Makes a new visitor's secret here; only its hash leaves this node, and the secret itself only to the browser.
pub(crate) async fn arrive(anyone: Anyone, Json(body): Json<ArriveBody>) -> Answer<Reply<VisitorSession>> {
    let Anyone { edge, visitor: known, address } = anyone;
    match known {
        // Most likely the same visitor again, which costs nothing; whether it is, only the answer tells.
        Some(_) => edge.may_arrive(address)?,
        None => edge.admit_arrival(address)?,
    }
    let secret = Secret::new(&*edge.rng);
    let ArriveBody { name, email, locale, page, inbox } = body;
    let token_hash = Some(secret.hash());
    let call = ArriveVisitor { token_hash, name, email, locale, page, inbox };
    let had_token = known.is_some();
    let arrived = edge.ask(known.unwrap_or(Credential::Nobody), call).await?;
    if arrived.new && had_token && edge.admit_arrival(address).is_err() {
        tracing::debug!("a visitor with a dead token arrived beside the last one allowed");
    }
    let token = arrived.new.then(|| secret.expose().to_owned());
    Ok(created(VisitorSession { visitor: arrived.visitor, token }, !arrived.new))
}
