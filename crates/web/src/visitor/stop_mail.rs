//! `POST /visitor/mail/stop/{secret}`: also what mail programs send by themselves (RFC 8058), with a body of no interest.

use crate::http::body::Name;
use crate::http::problem::Answer;
use crate::http::speaker::Anyone;
use http::StatusCode;
use switchboard_domain::TokenHash;
use switchboard_wire::Credential;
use switchboard_wire::call::mail::StopMail;

pub(crate) async fn stop_mail(anyone: Anyone, Name(secret): Name) -> Answer<StatusCode> {
    let Anyone { edge, address, .. } = anyone;
    edge.admit_arrival(address)?;
    edge.ask(Credential::Nobody, StopMail { link: TokenHash::of(&secret) }).await?;
    Ok(StatusCode::NO_CONTENT)
}
