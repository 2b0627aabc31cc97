//! Worlds in which anything happens that may happen.

use proptest::prelude::*;

use super::kinds;
use super::world::World;
use crate::history::Seen;

/// Something that may happen at any time.
#[derive(Debug, Clone)]
enum Step {
    /// Who sends, and whether it is a note if they may.
    Send(usize, bool),
    /// The oldest of what this sender has under way is stored.
    Store(usize),
    /// Something stored is acknowledged, perhaps again.
    Ack(prop::sample::Index),
    /// An observer is shown the next entry of what it follows.
    Show(usize, prop::sample::Index),
    /// An observer resumes and is shown some again.
    Again(usize, prop::sample::Index, u64),
    /// An observer has to begin again.
    Reset(usize, prop::sample::Index),
    /// Mat answers what is open.
    Answer,
    /// Something is refused for the moment and comes last of its sender.
    Retry(usize),
}

const OBSERVERS: [&str; 4] = ["vera", "window", "olga", "maya"];

fn step() -> impl Strategy<Value = Step> {
    let who = 0..OBSERVERS.len();
    prop_oneof![
        6 => (who.clone(), any::<bool>()).prop_map(|(who, note)| Step::Send(who, note)),
        6 => who.clone().prop_map(Step::Store),
        4 => any::<prop::sample::Index>().prop_map(Step::Ack),
        12 => (who.clone(), any::<prop::sample::Index>()).prop_map(|(who, at)| Step::Show(who, at)),
        2 => (who.clone(), any::<prop::sample::Index>(), 1..5_u64).prop_map(|(who, at, n)| Step::Again(who, at, n)),
        1 => (who.clone(), any::<prop::sample::Index>()).prop_map(|(who, at)| Step::Reset(who, at)),
        2 => Just(Step::Answer),
        1 => who.prop_map(Step::Retry),
    ]
}

/// A world being walked, with what is under way in it.
struct Walk {
    world: World,
    /// By observer: what was sent and is not stored yet.
    waiting: Vec<Vec<String>>,
    stored: Vec<String>,
    /// By observer and conversation: the last entry shown.
    shown: std::collections::BTreeMap<(usize, String), u64>,
    open: Vec<String>,
}

impl Walk {
    fn follows(&self, who: usize) -> Vec<String> {
        self.world.record.observers[OBSERVERS[who]].follows.iter().cloned().collect()
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Send(who, note) => {
                let (name, agent) = (OBSERVERS[*who], OBSERVERS[*who] == "maya");
                let conversation = if name == "olga" { "mat" } else { "people" };
                let kind = if agent && *note { "note" } else { "message" };
                let text = format!("text{}", ".".repeat(self.world.record.attempts.len() % 7));
                let id = self.world.send(name, conversation, kind, &text);
                self.waiting[*who].push(id);
            }
            Step::Store(who) => self.store(*who),
            Step::Ack(at) => {
                if !self.stored.is_empty() {
                    let id = at.get(&self.stored).clone();
                    self.world.ack(&id);
                }
            }
            Step::Show(who, at) => {
                let conversation = at.get(&self.follows(*who)).clone();
                self.show(*who, &conversation);
            }
            Step::Again(who, at, n) => {
                let conversation = at.get(&self.follows(*who)).clone();
                let last = self.shown.get(&(*who, conversation.clone())).copied().unwrap_or(0);
                for seq in last.saturating_sub(*n).max(1)..=last {
                    self.world.show(OBSERVERS[*who], &conversation, seq);
                }
            }
            Step::Reset(who, at) => {
                let conversation = at.get(&self.follows(*who)).clone();
                self.shown.remove(&(*who, conversation.clone()));
                self.world.seen(OBSERVERS[*who], Seen::Reset(conversation));
            }
            Step::Answer => {
                for text in std::mem::take(&mut self.open) {
                    self.world.answer("mat", &text.replace("text", "mat"));
                }
            }
            Step::Retry(who) => {
                if !self.waiting[*who].is_empty() {
                    let id = self.waiting[*who].remove(0);
                    self.world.record.retried.insert(id.clone());
                    self.waiting[*who].push(id);
                }
            }
        }
    }

    fn store(&mut self, who: usize) {
        if self.waiting[who].is_empty() {
            return;
        }
        let id = self.waiting[who].remove(0);
        self.world.store(&id);
        if OBSERVERS[who] == "olga" {
            self.open.push(self.world.attempt(&id).text);
        }
        self.stored.push(id);
    }

    fn show(&mut self, who: usize, conversation: &str) {
        let last = self.shown.entry((who, conversation.to_owned())).or_default();
        if *last < self.world.head(conversation) {
            *last += 1;
            self.world.show(OBSERVERS[who], conversation, *last);
        }
    }

    /// Everything under way arrives, and everybody is shown the rest.
    fn settle(&mut self) {
        for who in 0..OBSERVERS.len() {
            while !self.waiting[who].is_empty() {
                self.store(who);
            }
        }
        self.take(&Step::Answer);
        for who in 0..OBSERVERS.len() {
            for conversation in self.follows(who) {
                for _ in 0..self.world.head(&conversation) {
                    self.show(who, &conversation);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn whatever_may_happen_is_no_violation(steps in prop::collection::vec(step(), 0..200)) {
        let waiting = vec![Vec::new(); OBSERVERS.len()];
        let mut walk = Walk { world: World::new(), waiting, stored: vec![], shown: Default::default(), open: vec![] };
        steps.iter().for_each(|step| walk.take(step));
        walk.settle();
        prop_assert_eq!(kinds(&walk.world), []);
    }

    /// Take any acknowledged message out of a correct world, and it is missed.
    #[test]
    fn whatever_is_lost_is_found(steps in prop::collection::vec(step(), 20..120), at in any::<prop::sample::Index>()) {
        let waiting = vec![Vec::new(); OBSERVERS.len()];
        let mut walk = Walk { world: World::new(), waiting, stored: vec![], shown: Default::default(), open: vec![] };
        steps.iter().for_each(|step| walk.take(step));
        walk.settle();
        prop_assume!(!walk.world.record.acks.is_empty());
        let id = at.get(&walk.world.record.acks).id.clone();
        for history in walk.world.histories.values_mut() {
            history.staff.retain(|entry| entry.client_msg_id() != Some(&id));
            history.visitor.retain(|entry| entry.client_msg_id() != Some(&id));
        }
        prop_assert!(kinds(&walk.world).contains(&crate::history::Kind::Lost));
    }
}
