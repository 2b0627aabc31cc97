//! A guide's answer to a turn.

use super::{body, stored, teams};
use crate::cx::Cx;
use switchboard_domain::guide::Guide;
use switchboard_domain::guide::call::{Call, Called};
use switchboard_domain::guide::run::{Said, Scene, State, Then, Turn, turn};
use switchboard_domain::{Attributes, Conversation};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{Error, details, guide};
use switchboard_wire::call::router;
use switchboard_wire::turn::{self, Handoff, ReplyChoice, ReplyMessage, ReplyVisitor, TurnReply};

/// Which guide, and where a run of it stands.
pub(in crate::handle) struct Run<'a> {
    /// The guide's name.
    pub name: &'a str,
    /// The version with which a new run begins.
    pub published: i64,
    /// As the run's last reply left it; none when it begins.
    pub state: Option<&'a str>,
    /// The web hooks that were called for this turn.
    pub called: Vec<router::Called>,
}

/// What a guide says to a turn.
pub(in crate::handle) enum Played {
    /// This.
    Reply(TurnReply),
    /// It wants a web hook to be called first: the step, the web hook and what is sent.
    Call {
        /// By which step.
        step: String,
        /// The web hook's id.
        webhook: String,
        /// What is sent.
        body: String,
    },
}

/// A guide's reply to what was said.
pub(in crate::handle) async fn reply(
    cx: &mut Cx,
    c: &Conversation,
    run: Run<'_>,
    writer: Option<&Visitor>,
    said: &[&str],
) -> Result<Played, Error> {
    let state: Option<State> = run.state.and_then(|text| serde_json::from_str(text).ok());
    let version = state.as_ref().map_or(run.published, |state| state.version);
    let Some(steps) = guide::version(&mut cx.tx, run.name, version).await? else {
        return Ok(Played::Reply(people("the guide has no published version")));
    };
    let Some(steps) = readable(run.name, version, &steps) else {
        let reason = format!("version {version} of the guide cannot be read by this version of Switchboard");
        return Ok(Played::Reply(people(&reason)));
    };
    let called = run.called.into_iter().map(made).collect();
    let scene = Scene { called, ..scene(cx, c, writer).await? };
    let (locale, page) = (scene.locale.clone(), scene.page.clone());
    let played = turn(&steps, version, state, said, scene);
    Ok(match spoken(played) {
        Ok(reply) => Played::Reply(reply),
        Err(call) => {
            let (guide, conversation, visitor) = (run.name, c.id.as_str(), c.visitor.as_str());
            let about = body::About { guide, conversation, visitor, locale: &locale, page: &page };
            let body = body::of(&call, &about, cx.now);
            Played::Call { step: call.step, webhook: call.webhook, body }
        }
    })
}

/// What a guide says before the visitor has written anything, when that leads to a question: whoever picks it is greeted.
/// Where it would go elsewhere at once, to people or to a server, it waits for the first message.
pub(in crate::handle) async fn opening(
    cx: &mut Cx,
    c: &Conversation,
    name: &str,
    visitor: &Visitor,
) -> Result<Option<TurnReply>, Error> {
    let Some(row) = guide::get(&mut cx.tx, name).await? else { return Ok(None) };
    let Some(steps) = guide::version(&mut cx.tx, name, row.published).await? else { return Ok(None) };
    // The first message of the visitor goes to people then.
    let Some(steps) = readable(name, row.published, &steps) else { return Ok(None) };
    let scene = scene(cx, c, Some(visitor)).await?;
    let played = turn(&steps, row.published, None, &[], scene);
    Ok(spoken(played).ok().filter(|reply| reply.then == turn::Then::Wait))
}

/// Steps as they are stored, unless another version of the program stored them: that would be no better the next time, so
/// nobody waits for it.
fn readable(name: &str, version: i64, steps: &str) -> Option<Guide> {
    stored(steps)
        .inspect_err(|error| tracing::warn!(guide = name, version, %error, "people take over from a guide"))
        .ok()
}

/// What is known around a conversation.
async fn scene(cx: &mut Cx, c: &Conversation, writer: Option<&Visitor>) -> Result<Scene, Error> {
    let known = details::get(&mut cx.tx, &c.visitor).await?.attributes;
    Ok(Scene {
        known: with_own(known, writer),
        locale: writer.and_then(|row| row.locale.clone()),
        page: writer.and_then(|row| row.page.clone()),
        tags: c.tags.iter().cloned().collect(),
        teams: teams(cx).await?,
        ..Scene::default()
    })
}

/// A call that was made, for the rules.
fn made(called: router::Called) -> Called {
    let answer = called.answer.ok_or_else(|| called.error.unwrap_or_default());
    Called { step: called.step, answer }
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
    let handoff = Handoff { reason: Some(reason.to_owned()), ..Handoff::default() };
    TurnReply { then: turn::Then::Handoff(handoff), state: Some(String::new()), ..TurnReply::default() }
}

/// A turn as a reply, or the call that comes first.
fn spoken(played: Turn) -> Result<TurnReply, Call> {
    let mut attributes = played.learnt;
    let (name, email) = (attributes.remove("name"), attributes.remove("email"));
    let visitor = ReplyVisitor { name, email, attributes };
    let (then, state) = match played.then {
        Then::Wait(state) => (turn::Then::Wait, serde_json::to_string(&state).unwrap_or_default()),
        Then::Handoff { team, reason, note } => {
            (turn::Then::Handoff(Handoff { team, reason, note, ..Handoff::default() }), String::new())
        }
        Then::Go { automation } => {
            let to = Handoff { automation: Some(automation), ..Handoff::default() };
            (turn::Then::Handoff(to), String::new())
        }
        Then::Call(call) => return Err(call),
        Then::Resolve => (turn::Then::Resolve, String::new()),
    };
    Ok(TurnReply {
        messages: played.messages.into_iter().map(message).collect(),
        then,
        tags: played.tags.into_iter().collect(),
        state: Some(state),
        visitor: (visitor != ReplyVisitor::default()).then_some(visitor),
    })
}

fn message(said: Said) -> ReplyMessage {
    let choice = |label: String| ReplyChoice { value: label.clone(), label };
    ReplyMessage { text: said.text, choices: said.choices.into_iter().map(choice).collect() }
}
