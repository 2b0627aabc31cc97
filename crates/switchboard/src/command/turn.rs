//! `switchboard turn NAME TEXT…`: tries an automation as the router would ask it.

use crate::cli;
use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::{SystemClock, SystemRng};
use anyhow::{Result, bail};
use std::sync::Arc;
use std::time::Duration;
use switchboard_bus::micro::confirm;
use switchboard_bus::{Bus, Caller, Headers, Inbox};
use switchboard_domain::automation::is_name;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::limits::{AUTOMATION_STREAK, TURN_DEADLINE_MS};
use switchboard_domain::{Clock, Text};
use switchboard_router::{Course, Frame};
use switchboard_wire::turn::{Then, TurnMessage, TurnReply, TurnRequest, TurnVisitor};
use switchboard_wire::{reply, subject};
use tokio::time::{Instant, timeout};

/// How long NATS may take to answer.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the automation may take to say who it is.
const INTRODUCE: Duration = Duration::from_secs(1);
/// After the reply, more is listened for so long: only the first reply counts.
const MORE: Duration = Duration::from_millis(300);

/// Asks, prints what comes, and fails when the router would.
pub async fn run(config: Config, turn: cli::Turn) -> Result<()> {
    let name = turn.name.as_str();
    if !is_name(name) {
        bail!("{name:?} is no automation's name: use 1 to 26 of a-z 0-9 _ -");
    }
    if !TURN_DEADLINE_MS.contains(&turn.deadline_ms) {
        bail!("give --deadline-ms {} to {}", TURN_DEADLINE_MS.start(), TURN_DEADLINE_MS.end());
    }
    if turn.texts.len() > AUTOMATION_STREAK {
        bail!("a turn has at most {AUTOMATION_STREAK} messages");
    }
    config.require_nats("turn")?;
    // An inbox that every component of ours may listen on; see docs/deployment.md.
    let bus = compose::connect(&config, "doctor", false).await?;
    let mut state = bus.state();
    if timeout(CONNECT, state.wait_for(|state| state.connected)).await.is_err() {
        bail!("NATS does not answer within 5 s: is it running, and are address and password right?");
    }
    let request = request(&turn)?;
    let caller = Caller::new(Arc::clone(&bus)).await?;
    let mut inbox = caller.inbox()?;
    let begun = Instant::now();
    let mut course = Course::new(0, Duration::from_millis(turn.deadline_ms.unsigned_abs()), begun);
    course.begin(begun);
    inbox.ask(&subject::turn(name), Headers::default(), serde_json::to_vec(&request)?).await?;
    let reply = listen(&mut inbox, &mut course, name).await?;
    let took = begun.elapsed();
    let said = reply.messages.len();
    let checked = match reply::check(reply.clone()) {
        Ok(checked) => checked,
        Err(failure) => bail!("{name}: the reply cannot be taken: {}", failure.detail),
    };
    if turn.json {
        say(serde_json::to_string_pretty(&reply)?);
    } else {
        print(&reply, &checked.tags);
        say(format_args!("({} ms)", took.as_millis()));
    }
    if said > AUTOMATION_STREAK {
        warn(&format!("of {said} messages {AUTOMATION_STREAK} are taken, and people take over"));
    }
    if inbox.next(Instant::now() + MORE).await.is_some_and(|more| !more.is_no_responders()) {
        warn("it sent more after its reply: only the first reply counts");
    }
    introduced(&*bus, name).await
}

fn request(turn: &cli::Turn) -> Result<TurnRequest> {
    let now = SystemClock.now();
    let mut messages = Vec::new();
    for (seq, text) in (2..).zip(&turn.texts) {
        let text = Text::try_from(text.clone()).map_err(|reason| anyhow::anyhow!("the text: {reason}"))?;
        messages.push(TurnMessage { seq, text: text.as_str().to_owned(), at: rfc3339(now) });
    }
    let id = |kind: &str| {
        let mut bytes = [0; 8];
        switchboard_domain::Rng::fill(&SystemRng, &mut bytes);
        format!("trial-{kind}-{:016x}", u64::from_be_bytes(bytes))
    };
    Ok(TurnRequest {
        turn: id("turn"),
        event_id: id("event"),
        conversation: id("conversation"),
        fence: 1,
        visitor: TurnVisitor { id: id("visitor"), name: turn.visitor_name.clone(), ..TurnVisitor::default() },
        messages,
        history: Vec::new(),
        attempt: 1,
        deadline_ms: turn.deadline_ms,
        state: None,
    })
}

/// The reply, as the router would hear it.
async fn listen(inbox: &mut Inbox, course: &mut Course, name: &str) -> Result<TurnReply> {
    loop {
        let Some(message) = inbox.next(course.ends()).await else {
            bail!("{name}: no reply within its time; a working frame asks for more, 60 s in all");
        };
        match Frame::read(&message) {
            Frame::Working(more) => {
                eprintln!("working: {} ms more", more.as_millis());
                course.working(more, Instant::now());
            }
            Frame::Writing(more, text) => {
                eprintln!("writing: {text}");
                course.working(more, Instant::now());
            }
            Frame::Reply(reply) => return Ok(reply),
            Frame::Failed(error) => bail!("{name}: {error}"),
            Frame::Absent => bail!(
                "{name}: no instance is there: start it, and see that it listens on {} in queue group {}",
                subject::turn(name),
                subject::AUTOMATION_GROUP
            ),
        }
    }
}

fn print(reply: &TurnReply, tags: &[String]) {
    for message in &reply.messages {
        say(&message.text);
        message.choices.iter().for_each(|choice| say(format_args!("  [{}] {}", choice.label, choice.value)));
    }
    if !tags.is_empty() {
        say(format_args!("tags: {}", tags.join(", ")));
    }
    match &reply.then {
        Then::Wait => say("then: wait for the visitor"),
        Then::Resolve => say("then: resolve"),
        Then::Handoff(handoff) => {
            let team = handoff.team.as_deref().map(|team| format!(" of the team {team}")).unwrap_or_default();
            let reason = handoff.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
            say(format_args!("then: hand over to people{team}{reason}"));
            if let Some(note) = &handoff.note {
                say(format_args!("note: {note}"));
            }
        }
    }
}

fn warn(text: &str) {
    eprintln!("switchboard: {text}");
}

/// Whether the console would find it.
async fn introduced(bus: &dyn Bus, name: &str) -> Result<()> {
    let services = confirm(bus, name, INTRODUCE).await?;
    if services.is_empty() {
        bail!(
            "{name}: it answers turns, but not $SRV.INFO.{name}: announce it as a service, or nobody finds it"
        );
    }
    for service in services {
        let metadata = &service.identity.metadata;
        if metadata.get("switchboard").is_none_or(|kind| kind != "automation") {
            bail!("{name}: its metadata has no \"switchboard\": \"automation\": it is not found without");
        }
        let turn = subject::turn(name);
        if !service.endpoints.iter().any(|endpoint| endpoint.subject == turn) {
            bail!("{name}: it announces no endpoint with the subject {turn}: it is not found without");
        }
    }
    Ok(())
}
