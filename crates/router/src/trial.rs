//! A turn that nobody waits for, to see how an automation does: `switchboard turn` and the console ask with it what the
//! router would ask, and hear it as the router would.

use crate::turn::course::Course;
use crate::turn::frame::Frame;
use std::time::Duration;
use switchboard_bus::{Headers, Inbox};
use switchboard_domain::clock::rfc3339;
use switchboard_domain::{Millis, Rng, Text};
use switchboard_wire::subject;
use switchboard_wire::turn::{TurnMessage, TurnReply, TurnRequest, TurnVisitor};
use tokio::time::Instant;

/// A turn with these messages, of a conversation that is none.
#[must_use]
pub fn request(
    rng: &dyn Rng,
    now: Millis,
    texts: &[Text],
    visitor: Option<String>,
    deadline_ms: Millis,
) -> TurnRequest {
    let id = |kind: &str| {
        let mut bytes = [0; 8];
        rng.fill(&mut bytes);
        format!("trial-{kind}-{:016x}", u64::from_be_bytes(bytes))
    };
    let message =
        |(seq, text): (i64, &Text)| TurnMessage { seq, text: text.as_str().to_owned(), at: rfc3339(now) };
    TurnRequest {
        turn: id("turn"),
        event_id: id("event"),
        conversation: id("conversation"),
        fence: 1,
        visitor: TurnVisitor { id: id("visitor"), name: visitor, ..TurnVisitor::default() },
        messages: (2..).zip(texts).map(message).collect(),
        history: Vec::new(),
        attempt: 1,
        deadline_ms,
        state: None,
    }
}

/// Asks an automation once, and answers its reply; `working` hears how much more time it wants, and what it has written so far. What follows the reply is
/// still on the inbox.
///
/// # Errors
/// What the router would call this attempt.
pub async fn ask(
    inbox: &mut Inbox,
    automation: &str,
    request: &TurnRequest,
    mut working: impl FnMut(Duration, Option<String>) + Send,
) -> Result<TurnReply, String> {
    let begun = Instant::now();
    let mut course = Course::new(0, Duration::from_millis(request.deadline_ms.max(1).unsigned_abs()), begun);
    course.begin(begun);
    let subject = subject::turn(automation);
    let payload = serde_json::to_vec(request).map_err(|error| error.to_string())?;
    inbox.ask(&subject, Headers::default(), payload).await.map_err(|error| error.to_string())?;
    loop {
        let Some(message) = inbox.next(course.ends()).await else {
            return Err("no reply within its time; a working frame asks for more, 60 s in all".into());
        };
        match Frame::read(&message) {
            Frame::Working(more) => {
                working(more, None);
                course.working(more, Instant::now());
            }
            Frame::Writing(more, text) => {
                working(more, Some(text));
                course.working(more, Instant::now());
            }
            Frame::Reply(reply) => return Ok(reply),
            Frame::Failed(error) => return Err(error),
            Frame::Absent => {
                let group = subject::AUTOMATION_GROUP;
                return Err(format!(
                    "no instance is there: start it, and see that it listens on {subject} in queue group {group}"
                ));
            }
        }
    }
}
