//! `POST /visitor/session`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Anyone;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use switchboard_domain::Secret;
use switchboard_wire::call::visitor::{ArriveVisitor, Arrived};
use switchboard_wire::{Credential, Problem, view};
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
    /// Answers to the form before a conversation, and what else the page says: at most 20 keys of `[a-z0-9_]`, each with
    /// at most 500 characters. What is empty is forgotten, what is not named stays.
    #[serde(default)]
    attributes: BTreeMap<String, String>,
    /// Who this is to the site around the chat: a JWT (HS256) that its server has signed with one of the identity keys,
    /// with `kid`, `sub`, `aud: "switchboard"`, `exp` (at most 24 hours ahead), and `name` and `email` if known.
    identity: Option<String>,
}

/// The visitor, and the token if it is a new one.
#[derive(Serialize, ToSchema)]
pub(crate) struct VisitorSession {
    /// The visitor.
    visitor: view::Visitor,
    /// The secret of a new visitor, or of one who is known from another browser; shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

/// A visitor who is known already is none more; whoever is not, or comes with a dead token, is a new one, or the one that
/// its identity says.
pub(crate) async fn arrive(anyone: Anyone, Json(body): Json<ArriveBody>) -> Answer<Reply<VisitorSession>> {
    let Anyone { edge, visitor: known, address } = anyone;
    let ArriveBody { name, email, locale, page, inbox, attributes, identity } = body;
    let (from, address) = (address, Some(address));
    // The secret is made here; only its hash leaves this node, and the secret itself only to the browser.
    let secret = Secret::new(&*edge.rng);
    let token_hash = Some(secret.hash());
    let call = ArriveVisitor { token_hash, name, email, locale, page, inbox, attributes, address, identity };
    let answer = |arrived: Arrived| {
        let token = arrived.new.then(|| secret.expose().to_owned());
        created(VisitorSession { visitor: arrived.visitor, token }, !arrived.new)
    };
    if let Some(by) = known {
        edge.admit_visit(&by)?;
        // A dead token must not get round the limit for new visitors; who it is may only be another one if that is proven.
        let token_hash = call.token_hash.clone().filter(|_| call.identity.is_some());
        match edge.ask(by, ArriveVisitor { token_hash, ..call.clone() }).await {
            Err(failure) if failure.problem == Problem::Unauthenticated => {}
            known => return Ok(answer(known?)),
        }
    }
    edge.admit_arrival(from)?;
    Ok(answer(edge.ask(Credential::Nobody, call).await?))
}
