//! Hello and welcome: who it is, what is open, and from where each conversation goes on.

use super::Opening;
use super::bye::{Bye, encode};
use super::channel::Frame;
use super::reader::{Reader, Wanted, Who};
use crate::edge::Shared;
use crate::follow::lists::conversation_frame;
use crate::follow::recent::Mark;
use crate::follow::replay::want;
use crate::limits::{GREET_DEADLINE, RESUMES};
use crate::staffing::session::Session;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_domain::limits::BODY_BYTES;
use switchboard_domain::{ConversationId, TokenHash};
use switchboard_wire::call::edge::{Arrival, Greet, Greeting, Me, Missed, Welcomed};
use switchboard_wire::notice::EntryNotice;
use switchboard_wire::view::{Audience, Conversation, FollowState, FromServer, State};
use switchboard_wire::{Credential, Failure, Problem};
use tokio::time::{Instant, timeout};

/// The name of a visitor who has not told any.
const NAMELESS: &str = "Visitor";

/// What a dbmgr answered to a hello.
struct Answer {
    by: Credential,
    greeting: Greeting,
    /// What a visitor has missed, by conversation.
    missed: HashMap<String, Missed>,
    /// Taken before the database was looked into.
    mark: Mark,
    /// When it was asked.
    asked: Instant,
}

/// Answers a hello with the frames to be written first. From here on the reader is known to everybody on the node.
pub(super) async fn greet(
    edge: &Shared,
    opening: Opening,
    token: Option<String>,
    resume: Vec<FollowState>,
) -> Result<(Arc<Reader>, Vec<Frame>), Bye> {
    if resume.len() > RESUMES {
        return Err(Bye::BAD_FRAME);
    }
    let answer = match opening {
        Opening::Agent(token) => ask_agent(edge, token).await,
        Opening::Visitor => {
            let token = TokenHash::of(&token.ok_or(Bye::NOT_SIGNED_IN)?);
            ask_visitor(edge, token, resume.clone()).await
        }
    };
    let answer = answer.map_err(|failure| refusal(edge, &failure))?;
    let greeting = &answer.greeting;
    if edge.hub.learn_epoch(&greeting.epoch) {
        edge.hub.index.end_all(|| Bye::restart(&*edge.rng));
    }
    let reader = Reader::new(edge.next_reader(), who(answer.by.clone(), &greeting.me, answer.asked));
    reader.heard(edge.now_s());
    let epoch = greeting.epoch.clone();
    let mut frames = welcome(greeting, reader.audience());
    frames.extend(take_in(edge, &reader, answer, resume));
    if *edge.stop.borrow() || edge.hub.epoch().is_some_and(|now| now != epoch) {
        // It came while everybody else was being told: of the end, or of a database that was restored.
        reader.outbox.end(Bye::restart(&*edge.rng));
    }
    Ok((reader, frames))
}

async fn ask_agent(edge: &Shared, token: TokenHash) -> Result<Answer, Failure> {
    let (mark, asked, by) = (edge.hub.mark(), Instant::now(), Credential::Staff(token));
    let greeting = edge.ask(by.clone(), Greet {}).await?;
    Ok(Answer { by, greeting, missed: HashMap::new(), mark, asked })
}

/// Together with other visitors who come at the same time.
async fn ask_visitor(edge: &Shared, token: TokenHash, resume: Vec<FollowState>) -> Result<Answer, Failure> {
    let (asked, by) = (Instant::now(), Credential::Visitor(token.clone()));
    let asking = edge.greetings.greet(edge, Arrival { token, resume });
    let late = |_| Failure::unavailable("too many come at once; try again in a moment");
    let (mark, welcomed) = timeout(GREET_DEADLINE, asking).await.map_err(late)?;
    let Welcomed { greeting, missed } = welcomed?;
    let missed = missed.into_iter().map(|missed| (missed.conversation.clone(), missed)).collect();
    Ok(Answer { by, greeting, missed, mark, asked })
}

fn refusal(edge: &Shared, failure: &Failure) -> Bye {
    match failure.problem {
        Problem::Unauthenticated => Bye::NOT_SIGNED_IN,
        Problem::Forbidden | Problem::PasswordChangeRequired => Bye::REVOKED,
        Problem::Banned => Bye::CUT_OFF,
        _ => Bye::try_later(&*edge.rng),
    }
}

fn who(by: Credential, me: &Me, asked: Instant) -> Who {
    match (by, me) {
        (Credential::Staff(token), Me::Agent(account)) => {
            let teams = account.teams.clone().unwrap_or_default();
            let name = account.display_name.clone();
            Who::Agent(Arc::new(Session::new(token, account.id.clone(), name, teams, asked)))
        }
        (by, Me::Agent(account)) => {
            Who::Visitor { id: account.id.clone(), name: account.display_name.clone(), by }
        }
        (by, Me::Visitor(visitor)) => {
            let name = visitor.name.clone().unwrap_or_else(|| NAMELESS.into());
            Who::Visitor { id: visitor.id.clone(), name, by }
        }
    }
}

/// The welcome; what does not fit into its 64 KiB comes as frames behind it.
fn welcome(greeting: &Greeting, audience: Audience) -> Vec<Frame> {
    let me = match &greeting.me {
        Me::Visitor(visitor) => serde_json::to_value(visitor),
        Me::Agent(account) => serde_json::to_value(account),
    };
    let me = me.unwrap_or_default();
    let mut shown: Vec<Conversation> =
        greeting.conversations.iter().map(|state| state.shown_to(audience)).collect();
    let mut behind = Vec::new();
    loop {
        let frame = encode(&FromServer::Welcome {
            epoch: greeting.epoch.clone(),
            me: me.clone(),
            conversations: shown.clone(),
            server_version: env!("CARGO_PKG_VERSION").into(),
        });
        if frame.len() <= BODY_BYTES || shown.is_empty() {
            behind.push(frame);
            behind.reverse();
            return behind;
        }
        let cut = shown.len() * 3 / 4;
        behind.extend(shown.drain(cut..).rev().map(|one| conversation_frame(&one)));
    }
}

/// Lets the reader follow what is its own, and makes it known to everybody on the node; answers what it is to be given
/// at once, behind the welcome.
fn take_in(edge: &Shared, reader: &Arc<Reader>, answer: Answer, resume: Vec<FollowState>) -> Vec<Frame> {
    let mark = answer.mark;
    let frames = follow(edge, reader, answer, resume);
    // Not before it follows what it was greeted with: a state of that, told meanwhile, would look as if it had just
    // become its own, and its newest entries would come before those that it asks for.
    edge.hub.add(reader);
    if let Who::Agent(session) = &reader.who {
        // After the hub knows it: this is what tells the router who is here.
        edge.sessions.add(session, reader);
    }
    // Whatever was told before that.
    edge.hub.catch_up(edge, reader, mark);
    frames
}

/// Follows what is the reader's own, and replays what it asks for; answers what it is to be given at once, behind the
/// welcome.
fn follow(edge: &Shared, reader: &Arc<Reader>, answer: Answer, resume: Vec<FollowState>) -> Vec<Frame> {
    let Answer { greeting, mut missed, mark, .. } = answer;
    let mut frames = Vec::new();
    let mut resume: HashMap<String, FollowState> =
        resume.into_iter().map(|place| (place.conversation.clone(), place)).collect();
    for state in &greeting.conversations {
        let Ok(id) = state.conversation.id.parse::<ConversationId>() else { continue };
        let mut at = state.conversation.head;
        if let Some(place) = resume.remove(&state.conversation.id) {
            if let Some(missed) = missed.remove(&state.conversation.id) {
                at = missed.upto;
                frames.extend(catch_up(&id, missed));
            } else if !is_here(&place, state, &greeting.epoch, reader.audience()) {
                // Nothing live before the past.
                edge.hub.await_replay(edge, reader, state);
                want(edge, reader, Wanted::Resume(place));
                continue;
            }
        }
        let live = at >= state.conversation.head && edge.hub.follow(edge, reader, state, at, mark);
        if !live {
            edge.hub.await_replay(edge, reader, state);
            want(edge, reader, Wanted::After(id, at));
        }
    }
    for place in resume.into_values() {
        want(edge, reader, Wanted::Resume(place));
    }
    frames
}

/// The frames of what a visitor has missed.
fn catch_up(id: &ConversationId, missed: Missed) -> Vec<Frame> {
    match missed.reset {
        Some(reason) => vec![encode(&FromServer::Reset { conversation: missed.conversation, reason })],
        None => {
            let frame = |line| Frame::from(EntryNotice::of(id.clone(), line).frame);
            missed.lines.iter().map(frame).collect()
        }
    }
}

/// Whether a client has everything up to the state's head, so that there is nothing to replay.
fn is_here(place: &FollowState, state: &State, epoch: &str, audience: Audience) -> bool {
    let head_id = match audience {
        Audience::Visitor => &state.public_head_id,
        Audience::Staff => &state.conversation.head_id,
    };
    place.epoch.as_deref() == Some(epoch)
        && place.last_seq == state.head_for(audience)
        && (place.last_seq == 0 || place.last_id == *head_id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::edge;
    use switchboard_domain::conversation::Conversation as Domain;
    use switchboard_wire::view::Visitor;

    fn state(n: usize, tags: Vec<String>) -> State {
        let id = format!("conversation-{n}").parse().unwrap();
        let mut conversation = Domain::new(id, "v1".parse().unwrap(), "Vera".into(), 0);
        conversation.tags = tags;
        State::of(&conversation)
    }

    #[test]
    fn a_welcome_is_never_larger_than_a_frame_may_be() {
        let tags = vec!["x".repeat(40); 20];
        let conversations: Vec<State> = (0..200).map(|n| state(n, tags.clone())).collect();
        let me = Me::Visitor(Visitor { id: "v1".into(), ..Visitor::default() });
        let greeting = Greeting { epoch: "e".into(), me, conversations };
        let frames = welcome(&greeting, Audience::Staff);
        assert!(frames.iter().all(|frame| frame.len() <= BODY_BYTES));
        let read = |frame: &Frame| serde_json::from_str::<serde_json::Value>(&frame.to_string()).unwrap();
        let first = read(&frames[0]);
        assert_eq!(first["type"], "welcome");
        let mut ids: Vec<String> =
            first["conversations"].as_array().unwrap().iter().map(|c| c["id"].to_string()).collect();
        for frame in &frames[1..] {
            let frame = read(frame);
            assert_eq!(frame["type"], "conversation");
            ids.push(frame["conversation"]["id"].to_string());
        }
        let expected: Vec<String> = (0..200).map(|n| format!("\"conversation-{n}\"")).collect();
        assert_eq!(ids, expected, "each once, in their order");
    }

    #[test]
    fn only_who_has_everything_is_not_asked_about() {
        let mut state = state(1, vec![]);
        (state.conversation.head, state.conversation.head_id) = (5, Some("note".into()));
        (state.public_head, state.public_head_id) = (4, Some("e4".into()));
        let place = |epoch: &str, last_seq, last_id: Option<&str>| FollowState {
            conversation: "conversation-1".into(),
            epoch: Some(epoch.into()),
            last_seq,
            last_id: last_id.map(Into::into),
        };
        let visitor = |place| is_here(&place, &state, "e", Audience::Visitor);
        assert!(visitor(place("e", 4, Some("e4"))));
        assert!(!visitor(place("old", 4, Some("e4"))));
        assert!(!visitor(place("e", 4, Some("other"))));
        assert!(!visitor(place("e", 3, Some("e4"))));
        assert!(is_here(&place("e", 5, Some("note")), &state, "e", Audience::Staff));
    }

    /// What a visitor without a place to go on from was answered.
    fn answer(edge: &Shared, conversations: Vec<State>) -> (Arc<Reader>, Answer) {
        let me = Me::Visitor(Visitor { id: "v1".into(), ..Visitor::default() });
        let by = Credential::Visitor(TokenHash::of("v"));
        let (mark, asked) = (edge.hub.mark(), Instant::now());
        let reader = Reader::new(1, who(by.clone(), &me, asked));
        let greeting = Greeting { epoch: "e".into(), me, conversations };
        (reader, Answer { by, greeting, missed: HashMap::new(), mark, asked })
    }

    fn with_head(n: usize, head: i64) -> State {
        let mut state = state(n, vec![]);
        (state.conversation.head, state.public_head) = (head, head);
        state
    }

    #[tokio::test]
    async fn what_a_greeting_has_does_not_become_its_own_once_more_when_it_is_told_meanwhile() {
        for _ in 0..20 {
            let edge = edge();
            let conversations: Vec<State> = (0..500).map(|n| with_head(n, 5)).collect();
            // Of the one that is followed last.
            let late = Arc::new(with_head(499, 5));
            let (reader, answer) = answer(&edge, conversations);
            let runtime = tokio::runtime::Handle::current();
            std::thread::scope(|threads| {
                threads.spawn(|| {
                    let _runtime = runtime.enter();
                    while !edge.hub.index.has_visitors() {
                        std::hint::spin_loop();
                    }
                    edge.hub.state(&edge, &late);
                });
                assert!(take_in(&edge, &reader, answer, vec![]).is_empty(), "nothing was asked for");
            });
            assert_eq!(reader.outbox.waiting(), 0, "nor is anything given");
            assert_eq!(reader.next_wanted(), None, "nor replayed");
        }
    }

    #[tokio::test]
    async fn what_has_become_its_own_since_the_greeting_was_read_appears() {
        let edge = edge();
        let (reader, answer) = answer(&edge, vec![with_head(1, 5)]);
        edge.hub.state(&edge, &Arc::new(with_head(2, 3)));
        take_in(&edge, &reader, answer, vec![]);
        assert_eq!(reader.outbox.waiting(), 1, "its state");
        assert_eq!(reader.next_wanted(), Some(Wanted::After("conversation-2".parse().unwrap(), 0)));
        assert_eq!(reader.next_wanted(), None);
    }
}
