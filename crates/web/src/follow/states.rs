//! States as they are told: to followers at once, to those whom the conversation has just become one of, and away
//! from those who may not see it any more. Also presence, typing, reading and places in the queue.

use super::hub::{Hub, lock};
use super::place::Value;
use super::replay;
use super::topic::Need;
use crate::edge::Shared;
use crate::limits::APPEARED_ENTRIES;
use crate::socket::bye::{Bye, encode};
use crate::socket::channel::Frame;
use crate::socket::outbox::Weight;
use crate::socket::reader::{Reader, Wanted, Who, Why};
use std::sync::Arc;
use switchboard_domain::ConversationId;
use switchboard_wire::Credential;
use switchboard_wire::call::edge::GetStates;
use switchboard_wire::notice::{Looking, Mentioned, PresenceNotice, Queue, Read, Typing};
use switchboard_wire::subject::shard;
use switchboard_wire::view::{Audience, FromServer, State};
use tokio::time::Instant;

/// The state's frame for each kind of reader, written when it is first needed.
pub(crate) struct Frames<'a> {
    state: &'a State,
    visitor: Option<Frame>,
    staff: Option<Frame>,
}

impl<'a> Frames<'a> {
    pub(crate) fn of(state: &'a State) -> Self {
        Self { state, visitor: None, staff: None }
    }

    pub(crate) fn frame(&mut self, audience: Audience) -> &Frame {
        let state = self.state;
        let place = match audience {
            Audience::Visitor => &mut self.visitor,
            Audience::Staff => &mut self.staff,
        };
        place.get_or_insert_with(|| super::lists::conversation_frame(&state.shown_to(audience)))
    }
}

impl Hub {
    /// A state was told.
    pub(crate) fn state(&self, edge: &Shared, state: &Arc<State>) {
        let Ok(id) = state.conversation.id.parse::<ConversationId>() else { return };
        if state.conversation.owner.kind != "queue" {
            self.estimates.left(&id);
        }
        self.recent().state(Arc::clone(state));
        self.take_from_lists(&id, state);
        self.take(edge, &id, state);
        self.lists.changed(&self.index, &id);
    }

    /// Agents who could see it in its former team's queue, and cannot see it any more, are told so. Those who
    /// follow it are told with the state.
    fn take_from_lists(&self, id: &ConversationId, state: &State) {
        if !self.index.has_agents() {
            return;
        }
        let Some(before) = self.lists.moved(id, state.conversation.team.as_deref()) else { return };
        for agent in self.index.agents() {
            let Who::Agent(session) = &agent.who else { continue };
            let lost = session.is_in(before.as_deref()) && !agent.sees(&state.conversation);
            if lost && !agent.follows(id) {
                self.hide(&agent, id);
            }
        }
    }

    /// Texts were erased: nothing of these is kept here, and whoever follows one loads it again.
    pub(crate) fn erased(&self, ids: &[ConversationId]) {
        for id in ids {
            let reset = FromServer::Reset { conversation: id.to_string(), reason: "erased".into() };
            self.with(id, |topic| {
                topic.forget();
                topic.readers().for_each(|reader| reader.push(Weight::Must, &encode(&reset)));
            });
        }
    }

    /// A state was read, because it may have been told without our hearing it.
    pub(super) fn found(&self, edge: &Shared, state: &State) {
        let Ok(id) = state.conversation.id.parse::<ConversationId>() else { return };
        if self.take(edge, &id, state) {
            self.lists.changed(&self.index, &id);
        }
    }

    /// Answers whether it is news to anybody.
    fn take(&self, edge: &Shared, id: &ConversationId, state: &State) -> bool {
        let mut news = self.show(edge, id, state);
        for reader in self.owners(state) {
            if !reader.follows(id) {
                self.appear(edge, &reader, id, state);
                news = true;
            }
        }
        news
    }

    /// Readers here whose own conversation it is now.
    fn owners(&self, state: &State) -> Vec<Arc<Reader>> {
        let mut owners = self.index.visitor(&state.conversation.visitor.id);
        if state.conversation.owner.kind == "agent" {
            owners.extend(self.index.agents_who(|agent| agent.owns(&state.conversation)));
        }
        owners
    }

    /// Tells followers at once what they must know; answers whether there was anything.
    pub(super) fn show(&self, edge: &Shared, id: &ConversationId, state: &State) -> bool {
        let mut hidden = Vec::new();
        let mut changed = false;
        let need = self.with(id, |topic| {
            let need = topic.knows(state.conversation.head);
            if topic.shows(state) {
                changed = true;
                let mut frames = Frames::of(state);
                for reader in topic.readers() {
                    if reader.sees(&state.conversation) {
                        let own = reader.owns(&state.conversation);
                        reader.followed().insert(id.clone(), if own { Why::Own } else { Why::Asked });
                        reader.push(Weight::Must, frames.frame(reader.audience()));
                    } else {
                        hidden.push(Arc::clone(reader));
                    }
                }
                if state.conversation.owner.kind != "queue" {
                    topic.place.left();
                }
            }
            need
        });
        for reader in hidden {
            self.hide(&reader, id);
        }
        if need == Some(Need::Repair) {
            self.repair(edge, id);
        }
        changed || need == Some(Need::Repair)
    }

    /// Reads the state once more and tells this reader of it, or that the conversation is not its to see any more.
    pub(super) fn look_again(&self, edge: &Shared, reader: &Arc<Reader>, id: &ConversationId) {
        let (edge, reader, id) = (Arc::clone(edge), Arc::clone(reader), id.clone());
        tokio::spawn(async move {
            let call = GetStates { ids: vec![id.to_string()] };
            let Ok(states) = edge.ask(Credential::Component, call).await else {
                return reader.outbox.end(Bye::try_later(&*edge.rng));
            };
            for state in &states {
                if reader.sees(&state.conversation) {
                    reader.push(Weight::Must, Frames::of(state).frame(reader.audience()));
                } else {
                    edge.hub.hide(&reader, &id);
                }
            }
        });
    }

    /// Looks whether an agent who left a team may still see what it follows of others.
    pub(crate) fn check_sight(&self, edge: &Shared, reader: &Arc<Reader>) {
        let asked: Vec<ConversationId> = reader
            .followed()
            .iter()
            .filter(|(_, why)| **why == Why::Asked)
            .map(|(id, _)| id.clone())
            .collect();
        for id in &asked {
            self.look_again(edge, reader, id);
        }
    }

    /// A conversation is not this reader's to see any more.
    fn hide(&self, reader: &Reader, id: &ConversationId) {
        self.leave(reader, id);
        let conversation = id.to_string();
        reader.push(Weight::Must, &encode(&FromServer::Reset { conversation, reason: "left".into() }));
    }

    /// A conversation has become this reader's own: its state, its newest entries, and from then on all.
    pub(super) fn appear(&self, edge: &Shared, reader: &Arc<Reader>, id: &ConversationId, state: &State) {
        if reader.has_left(id, state.conversation.fence) {
            return;
        }
        if !self.begin_own(reader, id, Frames::of(state).frame(reader.audience())) {
            self.show(edge, id, state);
            return;
        }
        self.admit(edge, reader, id, state);
        let after = (state.conversation.head - APPEARED_ENTRIES).max(0);
        replay::want(edge, reader, Wanted::After(id.clone(), after));
    }

    /// An agent's presence has changed.
    pub(crate) fn presence(&self, notice: PresenceNotice) {
        let frame = encode(&FromServer::Presence { agent: notice.agent, status: notice.status });
        for agent in self.index.agents() {
            agent.push(Weight::Hint, &frame);
        }
    }

    /// Somebody is typing: told to everybody else in the conversation.
    pub(crate) fn typing(&self, notice: &Typing) {
        let (kind, who) = (notice.author.kind.clone(), notice.author.id.clone());
        let conversation = notice.conversation.to_string();
        let frame = |text| {
            let (conversation, author) = (conversation.clone(), notice.author.clone());
            encode(&FromServer::Typing { conversation, author, text })
        };
        let plain = frame(None);
        // A visitor's words are for staff alone; an automation's are on their way to everybody.
        let to_all = kind == "automation";
        let shown = notice.text.clone().map(|text| frame(Some(text)));
        self.with(&notice.conversation, |topic| {
            for reader in topic.readers() {
                let own = reader.author();
                if own.kind != kind || own.id != who {
                    let may = to_all || reader.audience() == Audience::Staff;
                    reader.push(Weight::Hint, shown.as_ref().filter(|_| may).unwrap_or(&plain));
                }
            }
        });
    }

    /// An agent is looking: told to the other agents who follow the conversation, never to the visitor.
    pub(crate) fn looking(&self, notice: Looking) {
        let who = notice.author.id.clone();
        let conversation = notice.conversation.to_string();
        let frame = encode(&FromServer::Looking { conversation, author: notice.author });
        self.with(&notice.conversation, |topic| {
            let agents = topic.readers().filter(|reader| matches!(reader.who, Who::Agent(_)));
            for reader in agents.filter(|reader| reader.author().id != who) {
                reader.push(Weight::Hint, &frame);
            }
        });
    }

    /// A private note calls an agent: told to that agent's sockets.
    pub(crate) fn mentioned(&self, notice: Mentioned) {
        let called = self.index.agents_who(
            |reader| matches!(&reader.who, Who::Agent(session) if session.account == notice.agent),
        );
        let frame = encode(&FromServer::Mention { mention: notice.mention });
        called.iter().for_each(|reader| reader.push(Weight::Hint, &frame));
    }

    /// Somebody has read.
    pub(crate) fn read(&self, notice: Read) {
        let conversation = notice.conversation.to_string();
        let frame = encode(&FromServer::Read { conversation, by: notice.by, seq: notice.seq });
        self.with(&notice.conversation, |topic| {
            topic.readers().for_each(|reader| reader.push(Weight::Hint, &frame));
        });
    }

    /// Places in the queue have changed.
    pub(crate) fn queue(&self, notice: Queue, now: Instant) {
        self.estimates.told(&notice);
        for (id, position, estimate_s) in notice.places {
            let waits = self.with(&id, |topic| {
                if let Some(value) = topic.place.offer((position, estimate_s), now) {
                    show_place(topic.readers(), &id, value);
                }
                topic.place.waits()
            });
            if waits == Some(true) {
                lock(&self.places).insert(id);
            }
        }
    }

    /// Shows the places whose time has come.
    pub(crate) fn show_due_places(&self, now: Instant) {
        let waiting: Vec<ConversationId> = lock(&self.places).iter().cloned().collect();
        for id in waiting {
            let waits = self.topics(shard(&id)).get_mut(&id).is_some_and(|topic| {
                if let Some(value) = topic.place.due(now) {
                    show_place(topic.readers(), &id, value);
                }
                topic.place.waits()
            });
            if !waits {
                lock(&self.places).remove(&id);
            }
        }
    }

    /// The accounts of agents with a socket here, sorted.
    pub(crate) fn agents_here(&self) -> Vec<String> {
        let accounts = self.index.agents().into_iter().filter_map(|reader| match &reader.who {
            Who::Agent(session) => Some(session.account.clone()),
            Who::Visitor { .. } => None,
        });
        accounts.collect::<std::collections::BTreeSet<_>>().into_iter().collect()
    }
}

fn show_place<'a>(readers: impl Iterator<Item = &'a Arc<Reader>>, id: &ConversationId, value: Value) {
    let (position, estimate_s) = value;
    let frame = encode(&FromServer::Queue { conversation: id.to_string(), position, estimate_s });
    readers.for_each(|reader| reader.push(Weight::Hint, &frame));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::edge;
    use switchboard_domain::{Conversation, TokenHash};

    #[tokio::test]
    async fn what_two_find_to_have_become_its_own_does_so_once() {
        let edge = edge();
        let by = Credential::Visitor(TokenHash::of("v"));
        let reader = Reader::new(1, Who::Visitor { id: "v1".into(), name: "Vera".into(), by });
        let mut state =
            State::of(&Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Vera".into(), 0));
        (state.conversation.head, state.public_head) = (3, 3);
        let id = "c1".parse().unwrap();
        for _ in 0..2 {
            edge.hub.appear(&edge, &reader, &id, &state);
        }
        assert_eq!(reader.outbox.waiting(), 1, "its state");
        assert_eq!(reader.next_wanted(), Some(Wanted::After(id, 0)));
        assert_eq!(reader.next_wanted(), None);
    }
}
