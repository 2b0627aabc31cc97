//! What an agent does.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::watch;

use super::{Desk, Guest, owner, pause};

/// The shortest and the longest pause between two looks, in milliseconds.
const PAUSE_MS: (u64, u64) = (60, 260);
/// Answers without an acknowledgement after which an agent waits.
const MOST_WAITING: usize = 12;
/// One time in so many an agent's connection breaks.
const BREAKS: u32 = 120;
/// One time in so many an agent writes a note somewhere.
const NOTES: u32 = 12;
/// One time in so many an agent passes a conversation on.
const TRANSFERS: u32 = 40;
/// One time in so many an agent claims what waits.
const CLAIMS: u32 = 8;

/// What an agent knows of the others.
#[derive(Debug)]
pub(super) struct Room {
    pub(super) guests: Vec<Arc<Guest>>,
    /// The ids of all agents.
    pub(super) colleagues: Vec<String>,
    /// The id of their team.
    pub(super) team: String,
}

/// Answers, and does the rest at random, until the load stops. What is refused (a conversation that has just gone to
/// somebody else, a server that is away) is refused.
pub(super) async fn act(
    desk: Arc<Desk>,
    room: Room,
    mut dice: fastrand::Rng,
    mut stop: watch::Receiver<bool>,
) {
    let mut count = 0_usize;
    while pause(&mut dice, PAUSE_MS.0, PAUSE_MS.1, &mut stop).await {
        if dice.u32(0..BREAKS) == 0 {
            desk.console.hang_up();
        }
        let people: Vec<String> =
            room.guests.iter().filter(|g| g.automation.is_none()).map(|g| g.present()).collect();
        if dice.u32(0..NOTES) == 0 && !people.is_empty() {
            count += 1;
            let about = &people[dice.usize(0..people.len())];
            let _ = desk.console.note(about, &format!("note {count} of {}", desk.staff.username));
        }
        answer(&desk, &room, &mut count);
        if dice.u32(0..TRANSFERS) == 0 {
            pass_on(&desk, &room, &mut dice).await;
        }
        if dice.u32(0..CLAIMS) == 0 {
            claim(&desk, &people).await;
        }
    }
}

/// Answers each own conversation in which the visitor had the last word.
fn answer(desk: &Desk, room: &Room, count: &mut usize) {
    let known: Vec<String> = room.guests.iter().flat_map(|guest| guest.all()).collect();
    for conversation in desk.console.owned().iter().filter(|id| known.contains(id)) {
        let last = desk.console.newest_message(conversation);
        let asked = last.is_some_and(|entry| entry["author"]["kind"] == "visitor");
        if asked && desk.console.waiting() < MOST_WAITING {
            *count += 1;
            let _ = desk.console.send(conversation, &format!("answer {count} of {}", desk.staff.username));
        }
    }
}

async fn pass_on(desk: &Desk, room: &Room, dice: &mut fastrand::Rng) {
    let own = desk.console.owned();
    if own.is_empty() {
        return;
    }
    let conversation = &own[dice.usize(0..own.len())];
    let to = if dice.bool() {
        json!({ "team": room.team })
    } else {
        json!({ "agent": room.colleagues[dice.usize(0..room.colleagues.len())] })
    };
    let _ = Box::pin(desk.staff.act(conversation, "transfer", json!({ "to": to, "note": "please" }))).await;
}

async fn claim(desk: &Desk, people: &[String]) {
    let waits = |id: &&String| desk.console.state(id).is_some_and(|state| owner(&state) == "queue");
    if let Some(conversation) = people.iter().find(waits) {
        let _ = Box::pin(desk.staff.act(conversation, "claim", json!({}))).await;
    }
}
