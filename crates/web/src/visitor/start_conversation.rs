//! `POST /visitor/conversations`

use crate::http::body::{Json, Reply, created};
use crate::http::problem::{Answer, Refused};
use crate::http::speaker::Visitor;
use crate::writing::TextBody;
use serde::Deserialize;
use switchboard_wire::call::visitor::{StartConversation, StartWith};
use switchboard_wire::view::Conversation;
use switchboard_wire::{Failure, Problem};
use utoipa::ToSchema;

/// With whom, and the first message.
#[derive(Deserialize, ToSchema)]
pub(crate) struct StartBody {
    /// `{automation: NAME}`, `{people: true}` or `{team: ID}`.
    to: StartTo,
    /// Makes it safe to repeat: the same id gives the same conversation.
    client_msg_id: Option<String>,
    /// The first message.
    body: Option<TextBody>,
}

/// Exactly one of them.
#[derive(Deserialize, ToSchema)]
pub(crate) struct StartTo {
    /// An automation's name.
    automation: Option<String>,
    /// Whoever is there.
    people: Option<bool>,
    /// A team's id.
    team: Option<String>,
}

pub(crate) async fn start_conversation(
    visitor: Visitor,
    Json(body): Json<StartBody>,
) -> Answer<Reply<Conversation>> {
    let to = chosen(body.to)?;
    visitor.edge().admit_message(visitor.credential())?;
    let text = body.body.map(|body| body.text);
    let call = StartConversation { to, client_msg_id: body.client_msg_id, text };
    let started = visitor.ask(call).await?;
    let conversation = visitor.edge().hub.estimates.with(started.conversation);
    Ok(created(conversation, started.repeated))
}

fn chosen(to: StartTo) -> Result<StartWith, Refused> {
    match (to.automation, to.people, to.team) {
        (Some(name), None, None) => Ok(StartWith::Automation(name)),
        (None, Some(true), None) => Ok(StartWith::People),
        (None, None, Some(id)) => Ok(StartWith::Team(id)),
        (None, None, None) => {
            let detail = "to: give one of automation, people and team";
            Err(Refused::new(Problem::BadRequest, detail))
        }
        _ => Err(Failure::invalid("to", "give exactly one of automation, people (true) and team").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<StartWith, Problem> {
        chosen(serde_json::from_str(json).unwrap()).map_err(|refused| refused.0.problem)
    }

    #[test]
    fn a_conversation_starts_with_exactly_one_of_them() {
        assert!(matches!(read(r#"{"automation":"mat"}"#), Ok(StartWith::Automation(name)) if name == "mat"));
        assert!(matches!(read(r#"{"people":true}"#), Ok(StartWith::People)));
        assert!(matches!(read(r#"{"team":"t1"}"#), Ok(StartWith::Team(id)) if id == "t1"));
        assert!(matches!(read("{}"), Err(Problem::BadRequest)));
        assert!(matches!(read(r#"{"people":false}"#), Err(Problem::Invalid)));
        assert!(matches!(read(r#"{"people":true,"team":"t1"}"#), Err(Problem::Invalid)));
    }
}
