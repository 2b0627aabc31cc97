//! Who has a console open, as far as was heard: pure, with the time as an argument.

use std::collections::{BTreeSet, HashMap};

use switchboard_wire::notice::Here;
use tokio::time::Instant;

use crate::limits::{HERE_GRACE, HERE_LEASE, HERE_NODES, HERE_STOPPED};

/// Who has a console open on which node, and who is on duty (not offline) without one.
///
/// An agent without any console has [`HERE_GRACE`] from the moment that this was noticed. One who was never
/// heard of has a whole [`HERE_LEASE`] in front of it: a node may be about to speak for the first time, and a
/// new router knows nobody.
#[derive(Debug, Default)]
pub(crate) struct Leases {
    nodes: HashMap<String, Node>,
    on_duty: HashMap<String, Duty>,
    looked: Option<Instant>,
}

#[derive(Debug)]
struct Node {
    heard: Instant,
    agents: BTreeSet<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Duty {
    /// Not looked at yet, or never heard of.
    Unheard(Option<Instant>),
    /// A console is open.
    Here,
    /// None is, since then.
    Gone(Instant),
}

impl Leases {
    /// A node said who is there. `true` when somebody is new, so that a waiting conversation may find a place.
    pub(crate) fn here(&mut self, here: Here, now: Instant) -> bool {
        let known = self.nodes.contains_key(&here.node);
        if !known && self.nodes.len() >= HERE_NODES {
            self.forget(now);
            if self.nodes.len() >= HERE_NODES {
                tracing::warn!(HERE_NODES, "more nodes than can be remembered");
                return false;
            }
        }
        let agents: BTreeSet<String> = here.agents.into_iter().collect();
        let new = agents.iter().any(|agent| !self.is_here(agent, now));
        // At once, not at the next look: whoever comes and goes between two looks was here.
        for agent in &agents {
            if let Some(duty) = self.on_duty.get_mut(agent) {
                *duty = Duty::Here;
            }
        }
        self.nodes.insert(here.node, Node { heard: now, agents });
        new
    }

    /// Whether a console of the agent is open on any node.
    pub(crate) fn is_here(&self, agent: &str, now: Instant) -> bool {
        self.nodes.values().any(|node| node.is_fresh(now) && node.agents.contains(agent))
    }

    /// How many agents have one open.
    pub(crate) fn present(&self, now: Instant) -> usize {
        let fresh = self.nodes.values().filter(|node| node.is_fresh(now));
        fresh.flat_map(|node| &node.agents).collect::<BTreeSet<_>>().len()
    }

    /// These agents, and no others, say that they are online or away.
    pub(crate) fn set_on_duty(&mut self, agents: impl Iterator<Item = String>) {
        let mut before = std::mem::take(&mut self.on_duty);
        for agent in agents {
            let duty = before.remove(&agent).unwrap_or(Duty::Unheard(None));
            self.on_duty.insert(agent, duty);
        }
    }

    /// An agent says so.
    pub(crate) fn on_duty(&mut self, agent: String) {
        self.on_duty.entry(agent).or_insert(Duty::Unheard(None));
    }

    /// An agent is offline.
    pub(crate) fn off_duty(&mut self, agent: &str) {
        self.on_duty.remove(agent);
    }

    /// Nothing could be heard until now: everybody heard before is there, and nobody is gone.
    pub(crate) fn deafened(&mut self, now: Instant) {
        for node in self.nodes.values_mut() {
            node.heard = now;
        }
        for duty in self.on_duty.values_mut() {
            *duty = Duty::Unheard(None);
        }
    }

    /// Those on duty whose consoles are gone for longer than the grace. To be called about every second: a long
    /// pause means that the process stood still.
    pub(crate) fn vanished(&mut self, now: Instant) -> Vec<String> {
        if self.looked.is_some_and(|at| now.duration_since(at) > HERE_STOPPED) {
            self.deafened(now);
        }
        self.looked = Some(now);
        self.forget(now);
        let here: BTreeSet<&String> = self.nodes.values().flat_map(|node| &node.agents).collect();
        let mut vanished = Vec::new();
        for (agent, duty) in &mut self.on_duty {
            *duty = match *duty {
                _ if here.contains(agent) => Duty::Here,
                Duty::Here => Duty::Gone(now),
                Duty::Unheard(since) => Duty::Unheard(Some(since.unwrap_or(now))),
                gone @ Duty::Gone(_) => gone,
            };
            let over = match *duty {
                Duty::Here | Duty::Unheard(None) => false,
                Duty::Unheard(Some(since)) => now.duration_since(since) >= HERE_LEASE + HERE_GRACE,
                Duty::Gone(since) => now.duration_since(since) >= HERE_GRACE,
            };
            if over {
                vanished.push(agent.clone());
            }
        }
        vanished
    }

    fn forget(&mut self, now: Instant) {
        self.nodes.retain(|_, node| node.is_fresh(now));
    }
}

impl Node {
    fn is_fresh(&self, now: Instant) -> bool {
        now.duration_since(self.heard) < HERE_LEASE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::time::Duration;

    fn here(node: &str, agents: &[&str]) -> Here {
        Here { node: node.into(), agents: agents.iter().map(ToString::to_string).collect() }
    }

    /// Looks each second from `from` until `to` (seconds), as the room does; says when somebody vanished.
    fn watch(leases: &mut Leases, start: Instant, from: u64, to: u64) -> Option<u64> {
        (from..=to).find(|s| !leases.vanished(start + Duration::from_secs(*s)).is_empty())
    }

    #[test]
    fn a_closed_console_has_the_grace_and_a_reload_is_nothing() {
        let (mut leases, t) = (Leases::default(), Instant::now());
        leases.on_duty("maya".into());
        assert!(leases.here(here("n1", &["maya"]), t));
        assert_eq!(watch(&mut leases, t, 0, 5), None);
        let at = |s| t + Duration::from_secs(s);
        leases.here(here("n1", &[]), at(6));
        assert!(!leases.is_here("maya", at(6)));
        assert_eq!(watch(&mut leases, t, 6, 10), None);
        // Back on another node: a reload.
        assert!(leases.here(here("n2", &["maya"]), at(11)));
        assert_eq!(watch(&mut leases, t, 11, 20), None);
        leases.here(here("n2", &[]), at(21));
        assert_eq!(watch(&mut leases, t, 21, 80), Some(21 + HERE_GRACE.as_secs()));
    }

    #[test]
    fn a_node_that_dies_is_noticed_by_its_silence() {
        let (mut leases, t) = (Leases::default(), Instant::now());
        leases.on_duty("maya".into());
        leases.here(here("n1", &["maya"]), t);
        let vanished = watch(&mut leases, t, 0, 120).unwrap();
        assert_eq!(vanished, (HERE_LEASE + HERE_GRACE).as_secs());
        assert!(vanished <= 75, "guarantee 19: noticed within 45 s, requeued 30 s later");
        leases.off_duty("maya");
        assert_eq!(watch(&mut leases, t, 121, 200), None);
    }

    #[test]
    fn a_new_router_waits_a_whole_lease_before_it_counts() {
        let (mut leases, t) = (Leases::default(), Instant::now());
        leases.set_on_duty(["maya".to_owned()].into_iter());
        assert_eq!(watch(&mut leases, t, 0, 120), Some((HERE_LEASE + HERE_GRACE).as_secs()));
    }

    #[test]
    fn who_could_hear_nothing_expires_nobody() {
        let (mut leases, t) = (Leases::default(), Instant::now());
        leases.on_duty("maya".into());
        leases.here(here("n1", &["maya"]), t);
        assert_eq!(watch(&mut leases, t, 0, 10), None);
        // Stopped for an hour: the first look afterwards finds her there still.
        let back = t + Duration::from_secs(3_610);
        assert!(leases.vanished(back).is_empty());
        assert!(leases.is_here("maya", back));
        assert_eq!(watch(&mut leases, back, 1, 30), None);
        leases.deafened(back + Duration::from_secs(31));
        assert_eq!(watch(&mut leases, back, 32, 60), None);
    }

    #[derive(Debug, Clone)]
    enum Step {
        Here(usize, Vec<usize>),
        Wait(u64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0usize..3, prop::collection::vec(0usize..4, 0..4)).prop_map(|(n, a)| Step::Here(n, a)),
            (1u64..40).prop_map(Step::Wait),
        ]
    }

    proptest! {
        /// Whoever was named by a node within the grace before is never retired, and whoever was not named for
        /// lease and grace together always is.
        #[test]
        fn nobody_who_was_just_here_is_retired_and_nobody_gone_is_kept(steps in prop::collection::vec(step(), 1..60)) {
            let (mut leases, start) = (Leases::default(), Instant::now());
            leases.set_on_duty((0..4).map(|n| format!("a{n}")));
            let mut clock = 0u64;
            let mut last: HashMap<String, u64> = HashMap::new();
            for step in steps {
                match step {
                    Step::Here(node, agents) => {
                        let agents: Vec<String> = agents.iter().map(|n| format!("a{n}")).collect();
                        for agent in &agents {
                            last.insert(agent.clone(), clock);
                        }
                        leases.here(Here { node: format!("n{node}"), agents }, start + Duration::from_secs(clock));
                    }
                    Step::Wait(seconds) => for _ in 0..seconds {
                        clock += 1;
                        let vanished = leases.vanished(start + Duration::from_secs(clock));
                        for n in 0..4 {
                            let agent = format!("a{n}");
                            let silent = clock - last.get(&agent).copied().unwrap_or(0);
                            if vanished.contains(&agent) {
                                prop_assert!(silent >= HERE_GRACE.as_secs(), "{agent} after {silent} s");
                            } else {
                                prop_assert!(silent <= (HERE_LEASE + HERE_GRACE).as_secs() + 1, "{agent} kept {silent} s");
                            }
                        }
                    }
                }
            }
        }
    }
}
