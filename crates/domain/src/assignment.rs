//! Who gets a waiting conversation: the agent whom the visitor knows, if available; otherwise the available agent of the
//! team with the fewest open ones below the capacity, ties to who has waited longest.

use crate::clock::Millis;
use crate::id::{AccountId, ConversationId, TeamId};
use std::collections::{BTreeSet, HashMap};

/// A conversation in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub conversation: ConversationId,
    /// Its fence when it was looked at.
    pub fence: i64,
    /// Whose queue; none is everybody's.
    pub team: Option<TeamId>,
    /// Higher goes first.
    pub priority: i64,
    /// Since when it waits.
    pub queued_at: Millis,
    /// The agent who let it lapse; it is not given to that one again.
    pub missed_by: Option<AccountId>,
    /// The agent who had the visitor last.
    pub known: Option<AccountId>,
}

/// An agent who is online with an open console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Who.
    pub agent: AccountId,
    /// The teams of this agent.
    pub teams: Vec<TeamId>,
    /// Most conversations at once.
    pub capacity: i64,
    /// Open ones now.
    pub open: i64,
    /// Since when nothing was handed to this agent.
    pub idle_since: Millis,
}

/// Plans the assignments: pairs of indexes into `waiting` and `agents`, in the order to carry them out.
/// Nobody gets more than the capacity, and nobody waits while an eligible agent has room.
pub fn plan(waiting: &[Waiting], agents: &[Candidate]) -> Vec<(usize, usize)> {
    let mut pools = Pools::new(agents);
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&waiting[a], &waiting[b]);
        (-a.priority, a.queued_at, &a.conversation).cmp(&(-b.priority, b.queued_at, &b.conversation))
    });
    order.into_iter().filter_map(|w| pools.take(&waiting[w]).map(|a| (w, a))).collect()
}

type Key = (i64, Millis, usize);

/// Agents with room, ordered by who comes next: everybody, and by team.
struct Pools<'a> {
    agents: &'a [Candidate],
    open: Vec<i64>,
    places: HashMap<&'a AccountId, usize>,
    all: BTreeSet<Key>,
    teams: HashMap<&'a TeamId, BTreeSet<Key>>,
}

impl<'a> Pools<'a> {
    fn new(agents: &'a [Candidate]) -> Self {
        let open = agents.iter().map(|a| a.open).collect();
        let places = agents.iter().enumerate().map(|(index, agent)| (&agent.agent, index)).collect();
        let mut pools = Self { agents, open, places, all: BTreeSet::new(), teams: HashMap::new() };
        for index in 0..agents.len() {
            pools.enter(index);
        }
        pools
    }

    fn enter(&mut self, index: usize) {
        let agent = &self.agents[index];
        if self.open[index] >= agent.capacity {
            return;
        }
        let key = (self.open[index], agent.idle_since, index);
        self.all.insert(key);
        for team in &agent.teams {
            self.teams.entry(team).or_default().insert(key);
        }
    }

    fn leave(&mut self, key: Key) {
        self.all.remove(&key);
        for team in &self.agents[key.2].teams {
            if let Some(pool) = self.teams.get_mut(team) {
                pool.remove(&key);
            }
        }
    }

    fn take(&mut self, waiting: &Waiting) -> Option<usize> {
        let pool = match &waiting.team {
            Some(team) => self.teams.get(team)?,
            None => &self.all,
        };
        let known = waiting.known.as_ref().and_then(|agent| self.places.get(agent));
        let known = known.map(|&index| (self.open[index], self.agents[index].idle_since, index));
        let missed = |key: &&Key| waiting.missed_by.as_ref() != Some(&self.agents[key.2].agent);
        let known = known.filter(|key| pool.contains(key) && missed(&key));
        let key = known.or_else(|| pool.iter().find(missed).copied())?;
        self.leave(key);
        self.open[key.2] += 1;
        self.enter(key.2);
        Some(key.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn team(n: u8) -> TeamId {
        format!("t{n}").parse().unwrap()
    }
    fn agent_id(n: usize) -> AccountId {
        format!("a{n}").parse().unwrap()
    }

    prop_compose! {
        fn world()(
            queue in prop::collection::vec((prop::option::of(0u8..3), -1i64..2, 0i64..9, prop::option::of(0usize..6), prop::option::of(0usize..8)), 0..30),
            staff in prop::collection::vec((prop::collection::btree_set(0u8..3, 0..3), 0i64..4, 0i64..5, 0i64..9), 0..6),
        ) -> (Vec<Waiting>, Vec<Candidate>) {
            let waiting = queue.into_iter().enumerate().map(|(n, (t, priority, queued_at, missed, known))| Waiting {
                conversation: format!("c{n}").parse().unwrap(), fence: 1, team: t.map(team), priority, queued_at,
                missed_by: missed.map(agent_id), known: known.map(agent_id),
            }).collect();
            let agents = staff.into_iter().enumerate().map(|(n, (teams, capacity, open, idle_since))| Candidate {
                agent: agent_id(n), teams: teams.into_iter().map(team).collect(), capacity, open, idle_since,
            }).collect();
            (waiting, agents)
        }
    }

    fn eligible(w: &Waiting, a: &Candidate) -> bool {
        w.team.as_ref().is_none_or(|t| a.teams.contains(t)) && w.missed_by.as_ref() != Some(&a.agent)
    }

    proptest! {
        #[test]
        fn never_over_capacity_and_nobody_waits_while_someone_has_room((waiting, agents) in world()) {
            let plan = plan(&waiting, &agents);
            let mut open: Vec<i64> = agents.iter().map(|a| a.open).collect();
            for &(w, a) in &plan {
                prop_assert!(eligible(&waiting[w], &agents[a]));
                let known = (0..agents.len()).find(|&i| waiting[w].known.as_ref() == Some(&agents[i].agent)
                    && eligible(&waiting[w], &agents[i]) && open[i] < agents[i].capacity);
                if let Some(known) = known {
                    prop_assert_eq!(a, known, "not the one whom the visitor knows");
                }
                let least = (0..agents.len())
                    .filter(|&i| eligible(&waiting[w], &agents[i]) && open[i] < agents[i].capacity)
                    .map(|i| (open[i], agents[i].idle_since)).min();
                let taken = (open[a], agents[a].idle_since);
                prop_assert!(known.is_some() || least == Some(taken), "not the least loaded");
                open[a] += 1;
                prop_assert!(open[a] <= agents[a].capacity);
            }
            for (n, w) in waiting.iter().enumerate().filter(|(n, _)| !plan.iter().any(|p| p.0 == *n)) {
                let room = (0..agents.len()).any(|i| eligible(w, &agents[i]) && open[i] < agents[i].capacity);
                prop_assert!(!room, "{} waits while somebody has room", n);
            }
        }
    }
}
