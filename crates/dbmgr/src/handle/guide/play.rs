//! A guide's answer to a turn.

use super::{stored, teams};
use crate::cx::Cx;
use switchboard_domain::guide::run::{Said, Scene, State, Then, Turn, turn};
use switchboard_domain::{Attributes, Conversation};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{Error, details, guide};
use switchboard_wire::turn::{self, Handoff, ReplyChoice, ReplyMessage, ReplyVisitor, TurnReply};

/// Which guide, and where a run of it stands.
pub(in crate::handle) struct Run<'a> {
    /// The guide's name.
    pub name: &'a str,
    /// The version with which a new run begins.
    pub published: i64,
    /// As the run's last reply left it; none when it begins.
    pub state: Option<&'a str>,
}

/// A guide's reply to what was said.
pub(in crate::handle) async fn reply(
    cx: &mut Cx,
    c: &Conversation,
    run: Run<'_>,
    writer: Option<&Visitor>,
    said: &[&str],
) -> Result<TurnReply, Error> {
    let state: Option<State> = run.state.and_then(|text| serde_json::from_str(text).ok());
    let version = state.as_ref().map_or(run.published, |state| state.version);
    let Some(steps) = guide::version(&mut cx.tx, run.name, version).await? else {
        return Ok(people("the guide has no published version"));
    };
    let known = details::get(&mut cx.tx, &c.visitor).await?.attributes;
    let scene = Scene {
        known: with_own(known, writer),
        locale: writer.and_then(|row| row.locale.clone()),
        page: writer.and_then(|row| row.page.clone()),
        tags: c.tags.iter().cloned().collect(),
        teams: teams(cx).await?,
    };
    Ok(spoken(turn(&stored(&steps)?, version, state, said, scene)))
}

fn with_own(mut known: Attributes, writer: Option<&Visitor>) -> Attributes {
    let own = [
        ("name", writer.and_then(|row| row.name.clone())),
        ("email", writer.and_then(|row| row.email.clone())),
    ];
    for (key, value) in own {
        match value {
            Some(value) => known.insert(key.to_owned(), value),
            None => known.remove(key),
        };
    }
    known
}

fn people(reason: &str) -> TurnReply {
    let handoff = Handoff { team: None, reason: Some(reason.to_owned()), note: None };
    TurnReply { then: turn::Then::Handoff(handoff), state: Some(String::new()), ..TurnReply::default() }
}

/// A turn as a reply.
fn spoken(played: Turn) -> TurnReply {
    let mut attributes = played.learnt;
    let (name, email) = (attributes.remove("name"), attributes.remove("email"));
    let visitor = ReplyVisitor { name, email, attributes };
    let (then, state) = match played.then {
        Then::Wait(state) => (turn::Then::Wait, serde_json::to_string(&state).unwrap_or_default()),
        Then::Handoff { team, reason } => {
            (turn::Then::Handoff(Handoff { team, reason, note: None }), String::new())
        }
        Then::Resolve => (turn::Then::Resolve, String::new()),
    };
    TurnReply {
        messages: played.messages.into_iter().map(message).collect(),
        then,
        tags: played.tags.into_iter().collect(),
        state: Some(state),
        visitor: (visitor != ReplyVisitor::default()).then_some(visitor),
    }
}

fn message(said: Said) -> ReplyMessage {
    let choice = |label: String| ReplyChoice { value: label.clone(), label };
    ReplyMessage { text: said.text, choices: said.choices.into_iter().map(choice).collect() }
}
