//! `POST /visitor/mail/open`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::Answer;
use crate::http::speaker::Anyone;
use serde::{Deserialize, Serialize};
use switchboard_domain::{Secret, TokenHash};
use switchboard_wire::call::mail::OpenMail;
use switchboard_wire::{Credential, view};
use utoipa::ToSchema;

/// The link of an e-mail.
#[derive(Deserialize, ToSchema)]
pub(crate) struct OpenMailBody {
    /// What stands behind `#mail=` in it.
    secret: String,
}

/// Who came back, and to what.
#[derive(Serialize, ToSchema)]
pub(crate) struct MailSession {
    /// The visitor.
    visitor: view::Visitor,
    /// A token of this visitor for this browser, shown this once; absent where the browser has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// The conversation that the e-mail was about.
    conversation: String,
}

pub(crate) async fn open_mail(anyone: Anyone, Json(body): Json<OpenMailBody>) -> Answer<Reply<MailSession>> {
    let Anyone { edge, visitor, address } = anyone;
    edge.admit_arrival(address)?;
    // As for a new visitor: only the hash leaves this node.
    let secret = Secret::new(&*edge.rng);
    let call = OpenMail { link: TokenHash::of(&body.secret), token_hash: secret.hash() };
    let opened = edge.ask(visitor.unwrap_or(Credential::Nobody), call).await?;
    let token = opened.new.then(|| secret.expose().to_owned());
    let (visitor, conversation) = (opened.visitor, opened.conversation);
    Ok(created(MailSession { visitor, token, conversation }, !opened.new))
}
