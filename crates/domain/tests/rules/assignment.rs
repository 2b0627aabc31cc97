//! Assignment against the sentence in the product's description, carried out naively, round after round.

use proptest::prelude::*;
use switchboard_domain::assignment::{Candidate, Waiting, plan};
use switchboard_domain::{AccountId, TeamId};

#[derive(Debug, Clone, Copy)]
enum Move {
    /// Somebody joins a queue.
    Join { team: Option<u8>, priority: i64 },
    /// An agent ends one of theirs.
    Finish { agent: usize },
    /// An agent goes or comes back.
    Toggle { agent: usize },
    /// An agent lets one lapse: it is back in the queue.
    Lapse { agent: usize },
    /// An agent takes one beyond the capacity.
    Claim { agent: usize },
}

fn moves() -> impl Strategy<Value = Vec<Move>> {
    let agent = || 0usize..5;
    let one = prop_oneof![
        5 => (prop::option::of(0u8..3), -1i64..2).prop_map(|(team, priority)| Move::Join { team, priority }),
        2 => agent().prop_map(|agent| Move::Finish { agent }),
        2 => agent().prop_map(|agent| Move::Toggle { agent }),
        1 => agent().prop_map(|agent| Move::Lapse { agent }),
        1 => agent().prop_map(|agent| Move::Claim { agent }),
    ];
    prop::collection::vec(one, 1..60)
}

fn team(n: u8) -> TeamId {
    format!("t{n}").parse().unwrap()
}

/// A small support floor.
struct Floor {
    clock: i64,
    queue: Vec<Waiting>,
    agents: Vec<(Candidate, bool, Vec<Waiting>)>,
}

impl Floor {
    fn new(staff: Vec<(Vec<u8>, i64)>) -> Self {
        let agents = (0i64..).zip(staff).map(|(n, (teams, capacity))| {
            let agent: AccountId = format!("a{n}").parse().unwrap();
            let teams = teams.into_iter().map(team).collect();
            let skills = vec![];
            (Candidate { agent, teams, skills, capacity, open: 0, idle_since: -n }, true, Vec::new())
        });
        Self { clock: 0, queue: Vec::new(), agents: agents.collect() }
    }

    fn may(&self, agent: usize, waiting: &Waiting) -> bool {
        let (candidate, online, _) = &self.agents[agent];
        *online
            && waiting.team.as_ref().is_none_or(|team| candidate.teams.contains(team))
            && waiting.missed_by.as_ref() != Some(&candidate.agent)
    }

    fn has_room(&self, agent: usize) -> bool {
        let (candidate, _, held) = &self.agents[agent];
        i64::try_from(held.len()).unwrap() < candidate.capacity
    }

    fn take(&mut self, agent: usize, at: usize) {
        let waiting = self.queue.remove(at);
        let (candidate, _, held) = &mut self.agents[agent];
        held.push(waiting);
        candidate.open += 1;
        candidate.idle_since = self.clock;
    }

    fn give_back(&mut self, agent: usize, lapsed: bool) {
        let (candidate, _, held) = &mut self.agents[agent];
        let all = if lapsed { 1.min(held.len()) } else { held.len() };
        for mut waiting in held.drain(..all) {
            waiting.queued_at = self.clock;
            waiting.missed_by = lapsed.then(|| candidate.agent.clone());
            self.queue.push(waiting);
        }
        candidate.open = i64::try_from(held.len()).unwrap();
    }

    fn carry_out(&mut self, one: Move) {
        self.clock += 1;
        match one {
            Move::Join { team: t, priority } => self.queue.push(Waiting {
                conversation: format!("c{}", self.clock).parse().unwrap(),
                fence: 1,
                team: t.map(team),
                helper: None,
                needs: vec![],
                widened: false,
                priority,
                queued_at: self.clock,
                missed_by: None,
                known: None,
            }),
            Move::Finish { agent } => {
                if let Some((candidate, _, held)) = self.agents.get_mut(agent)
                    && held.pop().is_some()
                {
                    candidate.open -= 1;
                }
            }
            Move::Toggle { agent } if agent < self.agents.len() => {
                self.agents[agent].1 = !self.agents[agent].1;
                if !self.agents[agent].1 {
                    self.give_back(agent, false);
                }
            }
            Move::Lapse { agent } if agent < self.agents.len() => self.give_back(agent, true),
            Move::Claim { agent } if agent < self.agents.len() && !self.queue.is_empty() => {
                self.take(agent, 0)
            }
            Move::Toggle { .. } | Move::Lapse { .. } | Move::Claim { .. } => {}
        }
    }

    /// The available agent of the team with the fewest open conversations below the capacity, ties to who has been
    /// idle longest.
    fn naive(&self, waiting: &Waiting) -> Option<usize> {
        (0..self.agents.len())
            .filter(|&agent| self.may(agent, waiting) && self.has_room(agent))
            .min_by_key(|&agent| (self.agents[agent].0.open, self.agents[agent].0.idle_since))
    }

    /// Lets the rules plan for those who are there, and carries the plan out, each step as the naive reading has it.
    fn assign(&mut self) {
        self.clock += 1;
        let here: Vec<usize> = (0..self.agents.len()).filter(|&agent| self.agents[agent].1).collect();
        let candidates: Vec<Candidate> = here.iter().map(|&agent| self.agents[agent].0.clone()).collect();
        let seen = self.queue.clone();
        let mut last = None;
        for (w, a) in plan(&seen, &candidates) {
            let (waiting, agent) = (&seen[w], here[a]);
            let turn = (-waiting.priority, waiting.queued_at, waiting.conversation.clone());
            assert!(
                last.as_ref().is_none_or(|last| *last < turn),
                "higher priority and longer waits go first"
            );
            last = Some(turn);
            assert!(self.may(agent, waiting), "not online, not of the team, or has let it lapse");
            let first = self.naive(waiting);
            let key = |agent: usize| (self.agents[agent].0.open, self.agents[agent].0.idle_since);
            assert_eq!(first.map(key), Some(key(agent)), "fewest open, then idle longest");
            let at =
                self.queue.iter().position(|queued| queued.conversation == waiting.conversation).unwrap();
            // Within one plan nobody's idle time changes; what is equal stays equal.
            let idle_since = self.agents[agent].0.idle_since;
            self.take(agent, at);
            self.agents[agent].0.idle_since = idle_since;
            let (candidate, _, held) = &self.agents[agent];
            assert!(i64::try_from(held.len()).unwrap() <= candidate.capacity, "never over the capacity");
        }
        for waiting in &self.queue {
            assert_eq!(self.naive(waiting), None, "{waiting:?} waits while somebody has room");
        }
    }
}

proptest! {
    #[test]
    fn nobody_waits_while_somebody_has_room_and_nobody_gets_too_much(
        staff in prop::collection::vec((prop::collection::vec(0u8..3, 0..3), 0i64..4), 0..5),
        moves in moves(),
    ) {
        let mut floor = Floor::new(staff);
        for one in moves {
            floor.carry_out(one);
            floor.assign();
        }
    }
}
