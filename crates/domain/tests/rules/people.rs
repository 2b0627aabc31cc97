//! Who takes part, and what they may ask at random.

use crate::log::Log;
use proptest::prelude::*;
use switchboard_domain::automation::{Reply, Then};
use switchboard_domain::conversation::{AgentRef, Command, Doing, Facts, Target};
use switchboard_domain::{Author, Conversation, Millis, Owner, Priority, TeamId, Text};

pub fn text(s: &str) -> Text {
    Text::try_from(s.to_owned()).unwrap()
}

pub fn visitor() -> Author {
    Author::visitor("v1", "Ada")
}

pub fn agent(n: u8) -> AgentRef {
    AgentRef { id: format!("a{n}").parse().unwrap(), name: format!("Agent {n}") }
}

pub fn team(n: u8) -> TeamId {
    format!("t{n}").parse().unwrap()
}

pub fn automation(n: u8) -> (String, String) {
    [("mat", "Mat"), ("chat", "Chat")].map(|(name, title)| (name.into(), title.into()))[usize::from(n % 2)]
        .clone()
}

pub fn fresh() -> Conversation {
    Conversation::new("c1".parse().unwrap(), "v1".parse().unwrap(), "Ada".into(), 0)
}

/// What is asked, before it is known of what: fences, turns and times are given as distances.
#[derive(Debug, Clone)]
pub enum Step {
    Say {
        there: bool,
        active: bool,
    },
    Answer {
        agent: u8,
    },
    Note {
        agent: u8,
    },
    Handoff {
        team: Option<u8>,
        there: bool,
    },
    Claim {
        agent: u8,
        off: i64,
    },
    Assign {
        agent: u8,
        off: i64,
        answer_in: Millis,
    },
    Transfer {
        agent: u8,
        off: i64,
        to: Whom,
        note: bool,
    },
    Requeue {
        off: Option<i64>,
        no_answer: bool,
    },
    Resolve {
        agent: u8,
        off: i64,
    },
    End,
    Reopen {
        agent: u8,
        off: i64,
    },
    Snooze {
        agent: u8,
        off: i64,
        until_in: Millis,
    },
    Wake,
    /// Below 3 by the automation that has it, otherwise by any.
    Reply {
        by: u8,
        off: i64,
        turn: i64,
        /// So many of the visitor's messages before the oldest without an answer.
        behind: usize,
        words: usize,
        then: u8,
        tags: usize,
        there: bool,
    },
    Fail {
        by: u8,
        off: i64,
        turn: i64,
        attempts: i64,
        there: bool,
    },
    /// Labels from one number to another are added, others are taken away.
    Tag {
        agent: u8,
        add: (usize, usize),
        remove: (usize, usize),
    },
    /// Step by step from low to urgent.
    Prioritise {
        agent: u8,
        to: usize,
    },
    Regroup {
        team: Option<u8>,
    },
    Rate {
        score: i64,
    },
    /// A rule tags, prioritises, writes, gives away, snoozes or ends.
    Rule {
        what: u8,
        n: usize,
        to: Whom,
        there: bool,
        until_in: Millis,
    },
}

#[derive(Debug, Clone, Copy)]
pub enum Whom {
    Agent(u8),
    Team(Option<u8>),
    Automation(u8),
}

impl Whom {
    pub fn target(self) -> Target {
        match self {
            Self::Agent(n) => Target::Agent(agent(n)),
            Self::Team(n) => Target::Team(n.map(team)),
            Self::Automation(n) => {
                let (name, title) = automation(n);
                Target::Automation { name, title }
            }
        }
    }
}

pub fn whom() -> impl Strategy<Value = Whom> {
    prop_oneof![
        (0u8..3).prop_map(Whom::Agent),
        prop::option::of(0u8..2).prop_map(Whom::Team),
        (0u8..2).prop_map(Whom::Automation),
    ]
}

/// Whom a rule gives something to.
fn queue_or_automation() -> impl Strategy<Value = Whom> {
    whom().prop_map(|to| match to {
        Whom::Agent(n) => Whom::Team(Some(n % 2)),
        to => to,
    })
}

/// Mostly the present fence; now and then an older one, or one that has never been.
fn off() -> impl Strategy<Value = i64> {
    prop_oneof![6 => Just(0i64), 1 => Just(-1i64), 1 => Just(1i64), 1 => -9i64..9]
}

/// Mostly the newest message.
fn turn() -> impl Strategy<Value = i64> {
    prop_oneof![6 => Just(0i64), 1 => -3i64..2]
}

/// Few messages, or about as many as an automation may write in a row.
fn words() -> impl Strategy<Value = usize> {
    prop_oneof![0usize..3, 9usize..13]
}

/// Nearly always from the oldest one without an answer on.
fn behind() -> impl Strategy<Value = usize> {
    prop_oneof![6 => Just(0usize), 1 => 1usize..3]
}

pub fn step() -> impl Strategy<Value = Step> {
    let a = || 0u8..3;
    prop_oneof![
        6 => (any::<bool>(), any::<bool>()).prop_map(|(there, active)| Step::Say { there, active }),
        4 => a().prop_map(|agent| Step::Answer { agent }),
        2 => a().prop_map(|agent| Step::Note { agent }),
        1 => (prop::option::of(0u8..2), any::<bool>()).prop_map(|(team, there)| Step::Handoff { team, there }),
        3 => (a(), off()).prop_map(|(agent, off)| Step::Claim { agent, off }),
        2 => (a(), off(), 1i64..90).prop_map(|(agent, off, answer_in)| Step::Assign { agent, off, answer_in }),
        3 => (a(), off(), whom(), any::<bool>())
            .prop_map(|(agent, off, to, note)| Step::Transfer { agent, off, to, note }),
        2 => (prop::option::of(off()), any::<bool>()).prop_map(|(off, no_answer)| Step::Requeue { off, no_answer }),
        2 => (a(), off()).prop_map(|(agent, off)| Step::Resolve { agent, off }),
        1 => Just(Step::End),
        2 => (a(), off()).prop_map(|(agent, off)| Step::Reopen { agent, off }),
        2 => (a(), off(), -5i64..90).prop_map(|(agent, off, until_in)| Step::Snooze { agent, off, until_in }),
        1 => Just(Step::Wake),
        6 => (0u8..4, off(), turn(), behind(), words(), 0u8..6, 0usize..3, any::<bool>()).prop_map(
            |(by, off, turn, behind, words, then, tags, there)|
            Step::Reply { by, off, turn, behind, words, then, tags, there }),
        2 => (0u8..4, off(), turn(), 1i64..4, any::<bool>())
            .prop_map(|(by, off, turn, attempts, there)| Step::Fail { by, off, turn, attempts, there }),
        2 => (a(), (0usize..22, 0usize..9), (0usize..22, 0usize..9))
            .prop_map(|(agent, add, remove)| Step::Tag { agent, add, remove }),
        2 => (a(), 0usize..4).prop_map(|(agent, to)| Step::Prioritise { agent, to }),
        1 => prop::option::of(0u8..2).prop_map(|team| Step::Regroup { team }),
        1 => (-1i64..8).prop_map(|score| Step::Rate { score }),
        4 => (0u8..8, 0usize..22, queue_or_automation(), any::<bool>(), -5i64..90)
            .prop_map(|(what, n, to, there, until_in)| Step::Rule { what, n, to, there, until_in }),
    ]
}

/// The command of a step, asked of `c`, whose history is `log`, at `now`.
pub fn command(c: &Conversation, log: &Log, step: &Step, now: Millis) -> Command {
    let facts = |people_available, active: bool| Facts {
        people_available,
        automation: active.then(|| title_of(c)),
        handoff_team: None,
        streak: 0,
    };
    match *step {
        Step::Say { there, active } => Command::VisitorMessage {
            visitor: visitor(),
            text: text(&format!("said at {now}")),
            client: None,
            facts: facts(there, active && c.automation.is_some()),
        },
        Step::Answer { agent: n } => {
            Command::AgentMessage { agent: agent(n), text: text(&format!("answered at {now}")), client: None }
        }
        Step::Note { agent: n } => Command::Note { agent: agent(n), text: text("psst"), client: None },
        Step::Handoff { team: n, there } => {
            Command::Handoff { by: visitor(), team: n.map(team), reason: None, facts: facts(there, false) }
        }
        Step::Claim { agent: n, off } => Command::Claim { agent: agent(n), fence: c.fence + off },
        Step::Assign { agent: n, off, answer_in } => {
            Command::Assign { agent: agent(n), fence: c.fence + off, answer_by: now + answer_in }
        }
        Step::Transfer { agent: n, off, to, note } => Command::Transfer {
            agent: agent(n),
            fence: c.fence + off,
            to: to.target(),
            note: note.then(|| text("look")),
        },
        Step::Requeue { off, no_answer } => Command::Requeue {
            fence: off.map(|off| c.fence + off),
            reason: if no_answer { "no_answer" } else { "offline" },
        },
        Step::Resolve { agent: n, off } => Command::AgentResolve { agent: agent(n), fence: c.fence + off },
        Step::End => Command::VisitorResolve { visitor: visitor() },
        Step::Reopen { agent: n, off } => Command::Reopen { agent: agent(n), fence: c.fence + off },
        Step::Snooze { agent: n, off, until_in } => {
            // Coarse, so that the same end is chosen twice now and then.
            Command::Snooze { agent: agent(n), fence: c.fence + off, until: (now + until_in) / 32 * 32 }
        }
        Step::Wake => Command::Wake,
        Step::Reply { by, off, turn, behind, words, then, tags, there } => {
            let (automation, title) = replier(c, by);
            let reply = Reply {
                messages: (0..words).map(|n| (text(&format!("word {n} at {now}")), vec![])).collect(),
                then: match then {
                    0..=2 => Then::Wait,
                    4 => {
                        let (name, title) = crate::people::automation(by + 1);
                        Then::Pass { name, title }
                    }
                    3 => Then::Handoff { team: Some(team(0)), reason: Some("asked".into()) },
                    _ => Then::Resolve,
                },
                tags: (0..tags).map(|n| format!("tag {}", n + words)).collect(),
                // Beside any end: only a handoff leaves it.
                note: (tags % 2 == 1).then(|| text("what was asked")),
            };
            let (fence, turn) = (c.fence + off, message(log, turn));
            let open = log.inbound().len().saturating_sub(log.unanswered().len());
            let first = log.inbound().get(open.saturating_sub(behind)).map(|(seq, _)| *seq);
            Command::Reply {
                automation,
                title,
                fence,
                first,
                turn,
                reply,
                facts: Facts { streak: words % 4 * 3, ..facts(there, false) },
            }
        }
        Step::Fail { by, off, turn, attempts, there } => Command::TurnFailed {
            automation: replier(c, by).0,
            fence: c.fence + off,
            turn: message(log, turn),
            attempts,
            retry_at: now + 5,
            facts: facts(there, false),
        },
        Step::Tag { agent: n, add, remove } => {
            let tags = |(from, count)| (from..from + count).map(|n| format!("tag {n}")).collect();
            Command::Tag { agent: agent(n), add: tags(add), remove: tags(remove) }
        }
        Step::Prioritise { agent: n, to } => {
            Command::Prioritise { agent: agent(n), priority: Priority::ALL[to] }
        }
        Step::Regroup { team: n } => Command::Regroup { team: n.map(team) },
        Step::Rule { what, n, to, there, until_in } => Command::ByRule(match what {
            0 => Doing::Tag(format!("tag {n}")),
            1 => Doing::Prioritise(Priority::ALL[n % 4]),
            2 => Doing::Send(text("one moment")),
            3 => Doing::Snooze((now + until_in) / 32 * 32),
            4 => Doing::Resolve,
            _ => Doing::Give { to: to.target(), facts: facts(there, false) },
        }),
        Step::Rate { score } => Command::Rate { visitor: visitor(), score, comment: None },
    }
}

/// The visitor's newest message, an earlier one, or one that does not exist.
fn message(log: &Log, off: i64) -> i64 {
    let inbound = log.inbound();
    let newest = inbound.last().map_or(0, |(seq, _)| *seq);
    let back = usize::try_from(-off).ok();
    back.map_or(newest + off, |back| inbound.iter().rev().nth(back).map_or(newest, |(seq, _)| *seq))
}

/// Mostly the automation that has it.
fn replier(c: &Conversation, by: u8) -> (String, String) {
    match &c.owner {
        Owner::Automation { id, name } if by < 3 => (id.clone(), name.clone()),
        _ => automation(by),
    }
}

fn title_of(c: &Conversation) -> String {
    let known = [automation(0), automation(1)];
    known
        .into_iter()
        .find(|(name, _)| c.automation.as_ref() == Some(name))
        .map(|(_, title)| title)
        .unwrap_or_default()
}
