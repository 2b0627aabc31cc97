//! What is done at random; conversations, people and ids by number, fences by distance.

use proptest::prelude::*;
use switchboard_domain::Presence;

use super::model::By;

/// Agents: the first two are of the first team, the third is not.
pub(super) const AGENTS: usize = 3;
pub(super) const VISITORS: usize = 2;

#[derive(Debug, Clone)]
pub(super) struct Send {
    pub(super) by: By,
    pub(super) talk: usize,
    pub(super) note: bool,
    /// Few, so that many are repeats.
    pub(super) key: usize,
    pub(super) words: usize,
}

#[derive(Debug, Clone, Copy)]
pub(super) enum To {
    Agent(usize),
    Team,
    /// A team that does not exist.
    NoTeam,
    Mat,
}

#[derive(Debug, Clone)]
pub(super) enum Step {
    Start {
        visitor: usize,
        to: To,
        key: Option<usize>,
        words: Option<usize>,
    },
    /// One list, in order.
    Send(Vec<Send>),
    Claim {
        agent: usize,
        talk: usize,
        off: i64,
    },
    Assign {
        agent: usize,
        talk: usize,
        off: i64,
    },
    Transfer {
        agent: usize,
        talk: usize,
        off: i64,
        to: To,
        note: bool,
    },
    Resolve {
        by: By,
        talk: usize,
        off: i64,
    },
    Reopen {
        agent: usize,
        talk: usize,
        off: i64,
    },
    Snooze {
        agent: usize,
        talk: usize,
        off: i64,
    },
    Handoff {
        visitor: usize,
        talk: usize,
    },
    Reply {
        talk: usize,
        off: i64,
        words: usize,
        then: u8,
    },
    Read {
        agent: usize,
        talk: usize,
        seq: i64,
    },
    Presence {
        agent: usize,
        status: Presence,
    },
    /// By the admin: in or out.
    Active {
        agent: usize,
        active: bool,
    },
    Mat {
        active: bool,
    },
    /// What was put aside wakes.
    Later,
    /// A reader comes back with a place, and the id that belongs to it or another one.
    Resume {
        by: By,
        talk: usize,
        back: i64,
        right: bool,
    },
    /// Lists are under way when the process dies; their senders try again afterwards.
    Crash {
        sends: Vec<Send>,
        after_us: u64,
    },
}

fn talk() -> impl Strategy<Value = usize> {
    0usize..4
}

fn agent() -> impl Strategy<Value = usize> {
    0..AGENTS
}

fn off() -> impl Strategy<Value = i64> {
    prop_oneof![5 => Just(0i64), 1 => Just(-1i64), 1 => Just(1i64)]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![(0..VISITORS).prop_map(By::Visitor), agent().prop_map(By::Agent)]
}

fn to() -> impl Strategy<Value = To> {
    prop_oneof![
        3 => agent().prop_map(To::Agent),
        2 => Just(To::Team),
        1 => Just(To::NoTeam),
        2 => Just(To::Mat),
    ]
}

fn send() -> impl Strategy<Value = Send> {
    (by(), talk(), prop::bool::weighted(0.2), 0usize..12, 0usize..2)
        .prop_map(|(by, talk, note, key, words)| Send { by, talk, note, key, words })
}

/// What visitors write, which is refused least often.
fn visitors_send() -> impl Strategy<Value = Send> {
    (0..VISITORS, talk(), 0usize..40, 0usize..2).prop_map(|(visitor, talk, key, words)| Send {
        by: By::Visitor(visitor),
        talk,
        note: false,
        key,
        words,
    })
}

pub(super) fn step() -> impl Strategy<Value = Step> {
    let presence = prop::sample::select(&[Presence::Online, Presence::Away, Presence::Offline][..]);
    prop_oneof![
        4 => (0..VISITORS, to(), prop::option::of(0usize..3), prop::option::of(0usize..2))
            .prop_map(|(visitor, to, key, words)| Step::Start { visitor, to, key, words }),
        8 => prop::collection::vec(send(), 1..6).prop_map(Step::Send),
        4 => (agent(), talk(), off()).prop_map(|(agent, talk, off)| Step::Claim { agent, talk, off }),
        2 => (agent(), talk(), off()).prop_map(|(agent, talk, off)| Step::Assign { agent, talk, off }),
        3 => (agent(), talk(), off(), to(), any::<bool>())
            .prop_map(|(agent, talk, off, to, note)| Step::Transfer { agent, talk, off, to, note }),
        2 => (by(), talk(), off()).prop_map(|(by, talk, off)| Step::Resolve { by, talk, off }),
        1 => (agent(), talk(), off()).prop_map(|(agent, talk, off)| Step::Reopen { agent, talk, off }),
        2 => (agent(), talk(), off()).prop_map(|(agent, talk, off)| Step::Snooze { agent, talk, off }),
        1 => (0..VISITORS, talk()).prop_map(|(visitor, talk)| Step::Handoff { visitor, talk }),
        3 => (talk(), off(), 0usize..3, 0u8..3)
            .prop_map(|(talk, off, words, then)| Step::Reply { talk, off, words, then }),
        1 => (agent(), talk(), 0i64..12).prop_map(|(agent, talk, seq)| Step::Read { agent, talk, seq }),
        3 => (agent(), presence).prop_map(|(agent, status)| Step::Presence { agent, status }),
        2 => (agent(), any::<bool>()).prop_map(|(agent, active)| Step::Active { agent, active }),
        1 => any::<bool>().prop_map(|active| Step::Mat { active }),
        1 => Just(Step::Later),
        2 => (by(), talk(), -1i64..6, any::<bool>())
            .prop_map(|(by, talk, back, right)| Step::Resume { by, talk, back, right }),
        1 => (prop::collection::vec(visitors_send(), 1..12), 0u64..4_000)
            .prop_map(|(sends, after_us)| Step::Crash { sends, after_us }),
    ]
}
