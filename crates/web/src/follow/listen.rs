//! Hearing notices: one subscription for each bus, and whatever was not heard is noticed.

use super::beats::{ALL, Counted};
use crate::edge::Shared;
use crate::roll;
use crate::socket::bye::Bye;
use std::sync::Arc;
use switchboard_bus::{BusError, Delivery, Message, Subscription};
use switchboard_domain::clock::parse_rfc3339;
use switchboard_wire::notice::{Beat, COUNT, INCARNATION, Notice, Roll};
use switchboard_wire::subject::NOTICES;
use tokio::task::JoinSet;
use tokio::time::{Duration, Instant, MissedTickBehavior, interval};

/// How often silent dbmgrs are looked for, and places in the queue whose time has come.
const TICK: Duration = Duration::from_secs(1);

/// Listens to every bus, for ever.
///
/// # Errors
/// What a bus refuses; being away is no reason.
pub(crate) async fn start(edge: &Shared, tasks: &mut JoinSet<()>) -> Result<(), BusError> {
    for bus in &edge.buses {
        let notices = bus.subscribe(NOTICES, None).await?;
        tasks.spawn(listen(Arc::clone(edge), notices));
    }
    tasks.spawn(tick(Arc::clone(edge)));
    Ok(())
}

async fn listen(edge: Shared, mut notices: Subscription) {
    while let Some(delivery) = notices.next().await {
        match delivery {
            Delivery::Message(message) => {
                if let Some(answer) = heard(&edge, &message) {
                    edge.tell(&answer).await;
                }
            }
            Delivery::Lagged(count) => {
                tracing::warn!(count, "notices were dropped here; they are read from the database");
                missed(&edge, ALL);
            }
            Delivery::Reconnected => missed(&edge, ALL),
        }
    }
}

async fn tick(edge: Shared) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let now = ticks.tick().await;
        edge.hub.show_due_places(now);
        let (silent, alive) = {
            let mut beats = edge.hub.repairs.beats();
            (beats.forget_silent(now), beats.alive())
        };
        if silent {
            edge.link.alive(&alive);
            missed(&edge, ALL);
        }
    }
}

/// Something in these shards was not heard.
fn missed(edge: &Shared, shards: u32) {
    edge.hub.recent().gap();
    edge.hub.repairs.gap();
    edge.hub.repairs.shards(shards);
}

/// Takes in a notice; answers what is to be told at once.
fn heard(edge: &Shared, message: &Message) -> Option<Notice> {
    let header = |name: &str| message.headers.get(name);
    let notice = match Notice::decode(&message.subject, header, &message.payload) {
        Ok(notice) => notice,
        Err(error) => {
            metrics::counter!("switchboard_bad_notices_total").increment(1);
            tracing::debug!(%error, "a notice of another version is passed over");
            return None;
        }
    };
    let now = Instant::now();
    let shard = message.subject.rsplit('.').next().and_then(|text| text.parse().ok());
    let counted = header(INCARNATION).zip(header(COUNT).and_then(|text| text.parse().ok())).zip(shard);
    if let Some(((incarnation, count), shard)) = counted {
        let counted = edge.hub.repairs.beats().counted(incarnation, shard, count, now);
        match counted {
            Counted::Next => {}
            Counted::Repeat => return None,
            Counted::Lost(shards) => missed(edge, shards),
        }
    }
    match notice {
        Notice::Entry(entry) => edge.hub.entry(edge, entry),
        Notice::State(state) => edge.hub.state(edge, &Arc::new(state.state)),
        Notice::Presence(presence) => edge.hub.presence(presence),
        Notice::Typing(typing) => edge.hub.typing(&typing),
        Notice::Looking(looking) => edge.hub.looking(looking),
        Notice::Mentioned(mentioned) => edge.hub.mentioned(mentioned),
        Notice::Read(read) => edge.hub.read(read),
        Notice::Queue(queue) => edge.hub.queue(queue, now),
        Notice::Ended(ended) => edge.sessions.ended(&ended),
        Notice::Beat(beat) => beats(edge, &beat, now),
        Notice::CutOff(cut_off) => edge.hub.index.cut_off(&cut_off),
        Notice::Erased(erased) => edge.hub.erased(&erased.conversations),
        // For the router, and for who serves web hooks.
        Notice::Here(_) | Notice::Hooks(_) | Notice::Rules(_) | Notice::Deliveries(_) => {}
        Notice::Roll(Roll { ask, node: Some(node) }) => edge.rolls.answered(&ask, node),
        Notice::Roll(Roll { ask, node: None }) => {
            return Some(Notice::Roll(Roll { ask, node: Some(roll::own(edge)) }));
        }
    }
    None
}

fn beats(edge: &Shared, beat: &Beat, now: Instant) {
    let (lost, before, alive) = {
        let mut beats = edge.hub.repairs.beats();
        let before = beats.alive();
        let lost = beats.beat(beat, now);
        (lost, before, beats.alive())
    };
    if before != alive {
        edge.link.alive(&alive);
    }
    if edge.hub.hear_epoch(&beat.epoch) {
        tracing::warn!("the database was restored: clients load everything again");
        edge.hub.index.end_all(|| Bye::restart(&*edge.rng));
    }
    if lost != 0 {
        missed(edge, lost);
    }
}

/// From the commit, by the database's date, to the sockets' queues here.
pub(super) fn measure(edge: &Shared, frame: &str) {
    const AT: &str = "\"at\":\"";
    let at = frame.split_once(AT).and_then(|(_, rest)| rest.split_once('"'));
    if let Some(at) = at.and_then(|(at, _)| parse_rfc3339(at)) {
        let ms = i32::try_from(edge.clock.now().saturating_sub(at).max(0)).unwrap_or(i32::MAX);
        metrics::histogram!("switchboard_delivery_seconds").record(f64::from(ms) / 1_000.0);
    }
}
