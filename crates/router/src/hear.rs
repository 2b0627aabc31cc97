//! Listens to notices and passes on what may matter to whom.

use std::sync::Arc;

use switchboard_bus::{Bus, Delivery, Message, Subscription};
use switchboard_domain::Presence;
use switchboard_wire::notice::{Notice, StateNotice, state_of};
use switchboard_wire::subject;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};

use crate::calls::Calls;
use crate::limits::CALL_AGAIN;
use crate::room::Room;
use crate::turn::{Hint, Hints};

/// How the notice ends of a conversation that only got longer and has nothing due: most of them, and of no
/// interest here. Other spellings are read in full.
const DULL: &[u8] = br#""due_at":null},"changed":false}"#;

/// Starts to listen on every bus.
pub(crate) fn start<C: Calls>(room: &Arc<Room<C>>, turns: &Hints, rooms: &mut JoinSet<()>) {
    let state = format!("{}.*", subject::notice("state", None));
    for pattern in [state, subject::notice("presence", None), subject::notice("here", None)] {
        for bus in &room.notices {
            rooms.spawn(listen(Arc::clone(room), turns.clone(), Arc::clone(bus), pattern.clone()));
        }
    }
}

async fn listen<C: Calls>(room: Arc<Room<C>>, turns: Hints, bus: Arc<dyn Bus>, pattern: String) {
    loop {
        match bus.subscribe(&pattern, None).await {
            Ok(mut notices) => read(&room, &turns, &mut notices).await,
            Err(problem) => tracing::warn!(%problem, pattern, "notices cannot be read"),
        }
        sleep(CALL_AGAIN).await;
    }
}

async fn read<C: Calls>(room: &Room<C>, turns: &Hints, notices: &mut Subscription) {
    while let Some(delivery) = notices.next().await {
        match delivery {
            Delivery::Message(message) => {
                let told = state_of(&message.payload);
                if let Some(conversation) = told {
                    room.unindexed.note(conversation);
                }
                if told.is_some() && message.payload.ends_with(DULL) {
                    continue;
                }
                match decode(&message) {
                    Some(notice) => pass_on(room, turns, notice),
                    None => metrics::counter!("switchboard_bad_notices_total").increment(1),
                }
            }
            // What was lost is found by the slow looks; only the board's and the index's may be far away.
            Delivery::Lagged(_) | Delivery::Reconnected => {
                room.look_at_board();
                room.unindexed.note_others();
            }
        }
    }
}

fn decode(message: &Message) -> Option<Notice> {
    Notice::decode(&message.subject, |name| message.headers.get(name), &message.payload)
        .inspect_err(|problem| tracing::debug!(%problem, "passed over"))
        .ok()
}

fn pass_on<C: Calls>(room: &Room<C>, turns: &Hints, notice: Notice) {
    match notice {
        Notice::State(state) => {
            room.unindexed.note(&state.state.conversation.id);
            if state.changed && (state.state.conversation.owner.kind == "queue" || room.anybody_waits()) {
                room.look_at_board();
            }
            if let Some(hint) = turn_hint(&state) {
                turns.give(hint);
            }
        }
        Notice::Presence(presence) => {
            if presence.status == Presence::Offline.as_str() {
                room.leases().off_duty(&presence.agent);
            } else {
                room.leases().on_duty(presence.agent);
            }
            if room.anybody_waits() {
                room.look_at_board();
            }
        }
        Notice::Here(here) => {
            let somebody_new = room.leases().here(here, Instant::now());
            if somebody_new && room.anybody_waits() {
                room.look_at_board();
            }
        }
        _ => {}
    }
}

/// What a state means for turns: one is due, or a conversation has changed hands. The time is not compared: it is of
/// the clock of whichever dbmgr wrote, and what is due later, a further attempt, is known to the router that waits.
fn turn_hint(notice: &StateNotice) -> Option<Hint> {
    let conversation = &notice.state.conversation;
    let due = conversation.owner.kind == "automation" && notice.state.due_at.is_some();
    let (id, fence) = (conversation.id.clone(), conversation.fence);
    match () {
        () if due => Some(Hint::Due { conversation: id, fence: Some(fence) }),
        () if notice.changed => Some(Hint::Moved { conversation: id, fence }),
        () => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use switchboard_domain::{Conversation, Owner};
    use switchboard_wire::view::State;

    fn notice(owner: Owner, due_at: Option<i64>, changed: bool) -> StateNotice {
        let mut conversation =
            Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Ada".into(), 0);
        conversation.owner = owner;
        conversation.fence = 3;
        conversation.due_at = due_at;
        StateNotice { state: State::of(&conversation), changed }
    }

    fn mat() -> Owner {
        Owner::Automation { id: "mat".into(), name: "Mat".into() }
    }

    #[test]
    fn a_turn_is_due_only_at_an_automation_by_whichever_clock() {
        let due = |owner, at| matches!(turn_hint(&notice(owner, at, false)), Some(Hint::Due { .. }));
        assert!(due(mat(), Some(100)));
        assert!(due(mat(), Some(i64::MAX)), "written where the clock is ahead");
        assert!(!due(mat(), None));
        assert!(!due(Owner::Queue, Some(1)));
    }

    #[test]
    fn what_is_passed_over_unread_would_have_been_of_no_interest() {
        let bytes = |notice: StateNotice| Notice::State(Box::new(notice)).encode().payload;
        assert!(bytes(notice(mat(), None, false)).ends_with(DULL));
        assert!(!bytes(notice(mat(), Some(1), false)).ends_with(DULL));
        assert!(!bytes(notice(Owner::Queue, None, true)).ends_with(DULL));
    }
}
