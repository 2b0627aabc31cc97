//! `switchboard turn NAME TEXT…`: tries an automation as the router would ask it.

use crate::cli;
use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::{SystemClock, SystemRng};
use anyhow::{Result, anyhow, bail};
use std::sync::Arc;
use std::time::Duration;
use switchboard_bus::micro::confirm;
use switchboard_bus::{Bus, Caller};
use switchboard_domain::automation::is_name;
use switchboard_domain::limits::{AUTOMATION_STREAK, TURN_DEADLINE_MS};
use switchboard_domain::{Clock, Text};
use switchboard_router::trial;
use switchboard_wire::turn::{Then, TurnReply, TurnRequest};
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
    let working = |more: Duration, text: Option<String>| match text {
        Some(text) => eprintln!("writing: {text}"),
        None => eprintln!("working: {} ms more", more.as_millis()),
    };
    let reply = trial::ask(&mut inbox, name, &request, working).await;
    let reply = reply.map_err(|error| anyhow!("{name}: {error}"))?;
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
    let text = |text: &String| Text::try_from(text.clone()).map_err(|reason| anyhow!("the text: {reason}"));
    let texts = turn.texts.iter().map(text).collect::<Result<Vec<Text>>>()?;
    let visitor = turn.visitor_name.clone();
    Ok(trial::request(&SystemRng, SystemClock.now(), &texts, visitor, turn.deadline_ms))
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
            let to = match &handoff.automation {
                Some(name) => format!("to the automation {name}"),
                None => format!("to people{team}"),
            };
            say(format_args!("then: hand over {to}{reason}"));
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
