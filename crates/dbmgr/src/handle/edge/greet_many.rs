//! Many visitors open sockets at once, as after the death of a node: a constant number of statements, however many
//! they are.

use super::greet::me;
use super::missed::{self, Place};
use crate::act;
use crate::cx::Cx;
use crate::gate::{self, Actor};
use crate::halt::Outcome;
use crate::limits::{GREET_BYTES, GREET_MANY, GREET_VISITOR};
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::{Conversation, ConversationId, TokenHash, VisitorId};
use switchboard_storage::{conversation, meta, visitor};
use switchboard_wire::call::edge::{Arrival, GreetMany, Greeting, Missed, Welcomed};
use switchboard_wire::view::{QueuePlace, State};
use switchboard_wire::{Failure, Problem};

impl Handle for GreetMany {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<Result<Welcomed, Failure>>> {
        if self.visitors.len() > GREET_MANY {
            let detail = format!("greet at most {GREET_MANY} at a time");
            return Err(Failure::new(Problem::TooLarge, detail).into());
        }
        let epoch = meta::epoch(&mut cx.tx).await?;
        cx.shared.relay.set_epoch(&epoch);
        let tokens: Vec<TokenHash> = self.visitors.iter().map(|arrival| arrival.token.clone()).collect();
        let visitors: HashMap<TokenHash, visitor::Visitor> = visitor::by_tokens(&mut cx.tx, &tokens)
            .await?
            .into_iter()
            .map(|row| (row.token.clone(), row))
            .collect();
        let now = cx.now;
        let (visitors, banned): (HashMap<_, _>, HashMap<_, _>) =
            visitors.into_iter().partition(|(_, row)| row.banned(now).is_none());
        let ids: Vec<VisitorId> = visitors.values().map(|row| row.id.clone()).collect();
        let mut own: HashMap<VisitorId, Vec<Conversation>> = HashMap::with_capacity(ids.len());
        for c in conversation::of_visitors(&mut cx.tx, &ids, GREET_VISITOR).await? {
            own.entry(c.visitor.clone()).or_default().push(c);
        }
        let queue = act::places(&mut cx.tx, own.values().flatten()).await?;
        let known: Vec<Option<Known<'_>>> =
            self.visitors.iter().map(|arrival| Known::of(arrival, &visitors, &own)).collect();
        let mut counts = Vec::with_capacity(known.len());
        let mut places: Vec<Place<'_>> = Vec::new();
        for known in &known {
            let before = places.len();
            places.extend(known.iter().flat_map(|known| known.places(&epoch)));
            counts.push(places.len() - before);
        }
        let mut missed = missed::read(&mut cx.tx, &places).await?.into_iter();
        let mut bytes = 0;
        let mut answers = Vec::with_capacity(known.len());
        for ((known, count), arrival) in known.iter().zip(counts).zip(&self.visitors) {
            let Some(known) = known else {
                let until = banned.get(&arrival.token).and_then(|row| row.banned(now));
                answers
                    .push(Err(until.map_or_else(Failure::unauthenticated, |until| gate::banned(until, now))));
                continue;
            };
            let missed: Vec<Missed> = missed.by_ref().take(count).flatten().collect();
            let welcomed = Welcomed { greeting: known.greeting(&epoch, &queue), missed };
            bytes += size(&welcomed);
            if bytes > GREET_BYTES && !answers.is_empty() {
                // Whoever is left out is asked about again.
                break;
            }
            answers.push(Ok(welcomed));
        }
        Ok(answers)
    }
}

/// A visitor whose token was good.
struct Known<'a> {
    arrival: &'a Arrival,
    row: &'a visitor::Visitor,
    own: &'a [Conversation],
}

impl<'a> Known<'a> {
    fn of(
        arrival: &'a Arrival,
        visitors: &'a HashMap<TokenHash, visitor::Visitor>,
        own: &'a HashMap<VisitorId, Vec<Conversation>>,
    ) -> Option<Self> {
        let row = visitors.get(&arrival.token)?;
        Some(Self { arrival, row, own: own.get(&row.id).map_or(&[], Vec::as_slice) })
    }

    /// Where it was, as far as that is in conversations of its own.
    fn places(&self, epoch: &str) -> impl Iterator<Item = Place<'a>> {
        let own = self.own;
        self.arrival.resume.iter().filter_map(move |at| {
            let c = own.iter().find(|c| c.id.as_str() == at.conversation)?;
            Some(Place::new(c, at, epoch))
        })
    }

    fn greeting(&self, epoch: &str, queue: &HashMap<ConversationId, QueuePlace>) -> Greeting {
        let shown = |c: &Conversation| {
            let mut state = State::of(c);
            state.conversation.queue = queue.get(&c.id).cloned();
            state
        };
        let conversations = self.own.iter().map(shown).collect();
        Greeting { epoch: epoch.to_owned(), me: me(self.row), conversations }
    }
}

/// Roughly how many bytes it is on its way.
fn size(welcomed: &Welcomed) -> usize {
    /// Of a state, in bytes.
    const STATE: usize = 2_048;
    /// Of what stands around a line, in bytes.
    const AROUND: usize = 128;
    let lines = welcomed.missed.iter().flat_map(|missed| &missed.lines);
    welcomed.greeting.conversations.len() * STATE
        + lines.map(|line| line.entry.get().len() + AROUND).sum::<usize>()
}
