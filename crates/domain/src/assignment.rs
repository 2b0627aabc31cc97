//! Who gets a waiting conversation: the agent whom the visitor knows, if available; otherwise, of those available who have
//! the skills that it asks for, the one with the fewest open ones below the capacity, ties to who has waited longest.
//!
//! Skills that nobody of the team who is online has are not asked for. Where somebody has them and has no room, the
//! conversation waits for that one a while ([`Waiting::widened`]), then anybody of the team will do.

use crate::clock::Millis;
use crate::id::{AccountId, ConversationId, TeamId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// A conversation in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub conversation: ConversationId,
    /// Its fence when it was looked at.
    pub fence: i64,
    /// Whose queue; none is everybody's.
    pub team: Option<TeamId>,
    /// The team that helps out by now.
    pub helper: Option<TeamId>,
    /// The skills that it asks for.
    pub needs: Vec<String>,
    /// Whether it has waited long enough for those who have them.
    pub widened: bool,
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
    /// What this agent is good for.
    pub skills: Vec<String>,
    /// Most conversations at once.
    pub capacity: i64,
    /// Open ones now, without those that have fallen silent.
    pub open: i64,
    /// Since when nothing was handed to this agent.
    pub idle_since: Millis,
}

/// Plans the assignments: pairs of indexes into `waiting` and `agents`, in the order to carry them out.
/// Nobody gets more than the capacity, and nobody waits while an eligible agent has room, but for those who wait a while
/// for somebody with the skills.
pub fn plan(waiting: &[Waiting], agents: &[Candidate]) -> Vec<(usize, usize)> {
    let mut pools = Pools::new(agents);
    let mut order: Vec<usize> = (0..waiting.len()).collect();
    order.sort_by(|&a, &b| {
        let (a, b) = (&waiting[a], &waiting[b]);
        (-a.priority, a.queued_at, &a.conversation).cmp(&(-b.priority, b.queued_at, &b.conversation))
    });
    order.into_iter().filter_map(|w| pools.take(&waiting[w]).map(|a| (w, a))).collect()
}

/// Who comes next of a pool: fewest open ones, longest idle.
type Key = (i64, Millis, usize);

/// Those whom some of the waiting may be given to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Class<'a> {
    team: Option<&'a TeamId>,
    helper: Option<&'a TeamId>,
    needs: Vec<&'a str>,
}

impl Class<'_> {
    fn has(&self, agent: &Candidate) -> bool {
        let of = |team: Option<&TeamId>| team.is_some_and(|team| agent.teams.contains(team));
        (self.team.is_none() || of(self.team) || of(self.helper))
            && self.needs.iter().all(|need| agent.skills.iter().any(|skill| skill == need))
    }
}

/// Agents with room, by class; a class is made when somebody of it waits.
struct Pools<'a> {
    agents: &'a [Candidate],
    open: Vec<i64>,
    places: HashMap<&'a AccountId, usize>,
    /// The skills that anybody has.
    skills: HashSet<&'a str>,
    classes: HashMap<Class<'a>, usize>,
    pools: Vec<Pool>,
    /// The pools that each agent belongs to.
    of_agent: Vec<Vec<usize>>,
}

#[derive(Debug, Default)]
struct Pool {
    /// Who belongs to it.
    members: Vec<usize>,
    /// Those of them with room.
    room: BTreeSet<Key>,
}

impl<'a> Pools<'a> {
    fn new(agents: &'a [Candidate]) -> Self {
        Self {
            agents,
            open: agents.iter().map(|agent| agent.open).collect(),
            places: agents.iter().enumerate().map(|(index, agent)| (&agent.agent, index)).collect(),
            skills: agents.iter().flat_map(|agent| &agent.skills).map(String::as_str).collect(),
            classes: HashMap::new(),
            pools: Vec::new(),
            of_agent: vec![Vec::new(); agents.len()],
        }
    }

    /// The place of a class's pool, which is made if it is new.
    fn pool(&mut self, class: Class<'a>) -> usize {
        if let Some(&place) = self.classes.get(&class) {
            return place;
        }
        let place = self.pools.len();
        let mut pool = Pool::default();
        for (index, agent) in self.agents.iter().enumerate().filter(|(_, agent)| class.has(agent)) {
            pool.members.push(index);
            self.of_agent[index].push(place);
            if self.open[index] < agent.capacity {
                pool.room.insert(self.key(index));
            }
        }
        self.pools.push(pool);
        self.classes.insert(class, place);
        place
    }

    fn key(&self, index: usize) -> Key {
        (self.open[index], self.agents[index].idle_since, index)
    }

    /// The pool of those with the skills that are asked for, as far as somebody has them; and that of everybody.
    fn pools_for(&mut self, waiting: &'a Waiting) -> (Option<usize>, usize) {
        let class = |needs| Class { team: waiting.team.as_ref(), helper: waiting.helper.as_ref(), needs };
        let needs: Vec<&str> = waiting.needs.iter().map(String::as_str).collect();
        let needs: Vec<&str> = needs.into_iter().filter(|need| self.skills.contains(need)).collect();
        // All of them in one person, or else the first that somebody has.
        let one_each = if needs.len() > 1 { needs.clone() } else { vec![] };
        let mut choices = vec![needs];
        choices.extend(one_each.into_iter().map(|need| vec![need]));
        choices.retain(|needs| !needs.is_empty());
        let skilled = choices.into_iter().map(|needs| self.pool(class(needs)));
        let skilled: Vec<usize> = skilled.collect();
        let skilled = skilled.into_iter().find(|&place| !self.pools[place].members.is_empty());
        (skilled, self.pool(class(vec![])))
    }

    fn take(&mut self, waiting: &'a Waiting) -> Option<usize> {
        let (skilled, all) = self.pools_for(waiting);
        let missed = |key: &&Key| waiting.missed_by.as_ref() != Some(&self.agents[key.2].agent);
        let known = waiting.known.as_ref().and_then(|agent| self.places.get(agent));
        let known = known.map(|&index| self.key(index));
        let known = known.filter(|key| self.pools[all].room.contains(key) && missed(&key));
        let first = |place: usize| self.pools[place].room.iter().find(missed).copied();
        let key = known.or_else(|| skilled.and_then(first)).or_else(|| {
            let may = waiting.widened || !skilled.is_some_and(|place| self.has_other(place, waiting));
            if may { first(all) } else { None }
        })?;
        self.give(key.2);
        Some(key.2)
    }

    /// Whether anybody but the one who let it lapse belongs to this pool: then there is somebody to wait for.
    fn has_other(&self, place: usize, waiting: &Waiting) -> bool {
        let missed = waiting.missed_by.as_ref().and_then(|agent| self.places.get(agent));
        self.pools[place].members.iter().any(|index| Some(index) != missed)
    }

    fn give(&mut self, index: usize) {
        let before = self.key(index);
        self.open[index] += 1;
        let after = self.key(index);
        let full = self.open[index] >= self.agents[index].capacity;
        for &place in &self.of_agent[index] {
            let room = &mut self.pools[place].room;
            room.remove(&before);
            if !full {
                room.insert(after);
            }
        }
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
    fn skill(n: u8) -> String {
        format!("s{n}")
    }

    prop_compose! {
        fn waiting()(
            team_of in prop::option::of(0u8..3), helper in prop::option::of(0u8..3), needs in prop::collection::vec(0u8..3, 0..3),
            widened: bool, priority in -1i64..2, queued_at in 0i64..9,
            missed in prop::option::of(0usize..6), known in prop::option::of(0usize..8),
        ) -> Waiting {
            Waiting {
                conversation: "c".parse().unwrap(), fence: 1, team: team_of.map(team),
                helper: helper.filter(|_| team_of.is_some()).map(team), needs: needs.into_iter().map(skill).collect(),
                widened, priority, queued_at, missed_by: missed.map(agent_id), known: known.map(agent_id),
            }
        }
    }

    prop_compose! {
        fn candidate()(
            teams in prop::collection::btree_set(0u8..3, 0..3), skills in prop::collection::btree_set(0u8..3, 0..3),
            capacity in 0i64..4, open in 0i64..5, idle_since in 0i64..9,
        ) -> Candidate {
            let (teams, skills) = (teams.into_iter().map(team).collect(), skills.into_iter().map(skill).collect());
            Candidate { agent: agent_id(0), teams, skills, capacity, open, idle_since }
        }
    }

    prop_compose! {
        fn world()(mut queue in prop::collection::vec(waiting(), 0..30), mut staff in prop::collection::vec(candidate(), 0..6))
            -> (Vec<Waiting>, Vec<Candidate>)
        {
            for (n, one) in queue.iter_mut().enumerate() {
                one.conversation = format!("c{n}").parse().unwrap();
            }
            for (n, one) in staff.iter_mut().enumerate() {
                one.agent = agent_id(n);
            }
            (queue, staff)
        }
    }

    fn of_team(w: &Waiting, a: &Candidate) -> bool {
        let helps = w.helper.as_ref().is_some_and(|helper| a.teams.contains(helper));
        w.team.as_ref().is_none_or(|team| a.teams.contains(team)) || helps
    }

    /// Those of the team who have what is asked for: all of it, or else the first of it that somebody has.
    fn skilled(w: &Waiting, agents: &[Candidate]) -> Vec<usize> {
        let known = |need: &&String| agents.iter().any(|a| a.skills.contains(*need));
        let needs: Vec<&String> = w.needs.iter().filter(known).collect();
        let having = |needs: &[&String]| -> Vec<usize> {
            let has = |a: &Candidate| of_team(w, a) && needs.iter().all(|need| a.skills.contains(need));
            (0..agents.len()).filter(|&i| !needs.is_empty() && has(&agents[i])).collect()
        };
        let mut choices = vec![having(&needs)];
        choices.extend(needs.iter().map(|need| having(&[need])));
        choices.into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    }

    /// What the documentation says, read naively.
    fn naive(w: &Waiting, agents: &[Candidate], open: &[i64]) -> Option<(i64, Millis)> {
        let may = |i: &usize| of_team(w, &agents[*i]) && w.missed_by.as_ref() != Some(&agents[*i].agent);
        let room = |i: &usize| open[*i] < agents[*i].capacity;
        let key = |i: usize| (open[i], agents[i].idle_since);
        let everybody: Vec<usize> = (0..agents.len()).filter(may).filter(room).collect();
        let known = everybody.iter().find(|&&i| w.known.as_ref() == Some(&agents[i].agent));
        let skilled: Vec<usize> = skilled(w, agents).into_iter().filter(may).collect();
        let free = skilled.iter().copied().filter(room).map(key).min();
        let anybody = || everybody.iter().map(|&i| key(i)).min().filter(|_| w.widened || skilled.is_empty());
        known.map(|&i| key(i)).or(free).or_else(anybody)
    }

    proptest! {
        #[test]
        fn never_over_capacity_and_nobody_waits_while_the_right_one_has_room((waiting, agents) in world()) {
            let plan = plan(&waiting, &agents);
            let mut open: Vec<i64> = agents.iter().map(|a| a.open).collect();
            for &(w, a) in &plan {
                prop_assert!(of_team(&waiting[w], &agents[a]));
                prop_assert_eq!(naive(&waiting[w], &agents, &open), Some((open[a], agents[a].idle_since)));
                open[a] += 1;
                prop_assert!(open[a] <= agents[a].capacity);
            }
            for (n, w) in waiting.iter().enumerate().filter(|(n, _)| !plan.iter().any(|p| p.0 == *n)) {
                prop_assert_eq!(naive(w, &agents, &open), None, "{} waits while somebody has room", n);
                // Once it has waited for those with the skills, nothing but room counts.
                let room = (0..agents.len()).any(|i| of_team(w, &agents[i]) && w.missed_by.as_ref() != Some(&agents[i].agent)
                    && open[i] < agents[i].capacity);
                prop_assert!(!(w.widened && room), "{} still waits for the skilled", n);
            }
        }
    }
}
