//! Which rules fire, and why the others do not.

use super::pattern::Ready;
use super::{Action, FIRINGS, Happened, Rule, Situation, Trigger, UNFIRED};
use crate::author::AuthorKind;
use crate::clock::Millis;
use crate::id::{RuleId, TeamId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Whether one condition held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// Which, from 0.
    pub condition: usize,
    /// Whether it held.
    pub held: bool,
    /// Why, in words.
    pub why: String,
}

/// What became of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum Outcome {
    /// It fires.
    Fires,
    /// It is off.
    Off,
    /// It cannot be used as it is stored.
    Spoilt,
    /// It is for something else.
    OtherTrigger,
    /// The message does not match.
    NoMatch,
    /// It was looked at for this before.
    Done,
    /// It happened before the rule was as it is now.
    Earlier,
    /// What happened was done by Switchboard itself, which triggers nothing.
    ByItself,
    /// A condition did not hold.
    NotHeld,
    /// This one fired before it and lets no others follow.
    StoppedBy {
        /// Which.
        rule: RuleId,
    },
    /// Too many have fired in this conversation of late.
    TooMany,
}

impl Outcome {
    /// Whether it is worth writing down: what concerns the rule, and was looked at.
    fn is_noted(&self) -> bool {
        matches!(self, Self::Fires | Self::NotHeld | Self::StoppedBy { .. } | Self::TooMany)
    }

    /// Why, in words.
    pub fn why(&self) -> &'static str {
        match self {
            Self::Fires => "every condition held",
            Self::Off => "the rule is off",
            Self::Spoilt => "the rule cannot be used as it is stored: save it again",
            Self::OtherTrigger => "it is for something else",
            Self::NoMatch => "the message does not match",
            Self::Done => "it was looked at for this before",
            Self::Earlier => "it happened before the rule was as it is now",
            Self::ByItself => "Switchboard did it by itself, which triggers nothing",
            Self::NotHeld => "a condition did not hold",
            Self::StoppedBy { .. } => "a rule before this one fired and lets no others follow",
            Self::TooMany => "too many rules fired in this conversation within an hour",
        }
    }
}

/// What became of a rule, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Which rule.
    pub rule: RuleId,
    /// What became of it.
    pub outcome: Outcome,
    /// Its conditions, all of them, where they were looked at.
    pub checks: Vec<Check>,
    /// What follows; nothing unless it fires.
    pub actions: Vec<Action>,
}

#[derive(Debug, Clone)]
struct Prepared {
    rule: Rule,
    trigger: Option<Ready>,
    conditions: Vec<Option<Ready>>,
}

/// Rules made ready to be looked at often: their patterns are compiled once.
#[derive(Debug, Clone, Default)]
pub struct RuleBook {
    rules: Vec<(RuleId, Option<Prepared>)>,
}

impl RuleBook {
    /// Makes rules ready; one that is not acceptable, as may be after a change by hand in SQL, never fires, and those
    /// beyond [`super::RULES`] are not taken.
    pub fn new(rules: Vec<Rule>) -> Self {
        let rules = rules.into_iter().take(super::RULES);
        Self { rules: rules.map(|rule| (rule.id.clone(), prepare(rule))).collect() }
    }

    /// Whether any rule could fire because of this: what no rule is for costs nothing more. Conditions are not looked at.
    pub fn concerns(&self, happened: &Happened, by: AuthorKind, at: Millis) -> bool {
        let by_itself = by == AuthorKind::System && !is_by_clock(happened);
        !by_itself
            && self.rules.iter().any(|(_, one)| one.as_ref().is_some_and(|one| one.is_for(happened, at)))
    }

    /// The rules that could fire because of this, in order.
    pub fn concerned(&self, happened: &Happened, at: Millis) -> impl Iterator<Item = &Rule> {
        let all = self.rules.iter().filter_map(|(_, one)| one.as_ref());
        all.filter(move |one| one.is_for(happened, at)).map(|one| &one.rule)
    }

    /// Whether any rule is on that looks at messages, or at conversations that were started.
    pub fn reads_logs(&self) -> bool {
        self.on().any(|rule| matches!(rule.trigger, Trigger::Started | Trigger::Message { .. }))
    }

    /// Since when a rule looks at messages, or at conversations that were started: the first that does.
    pub fn logs_since(&self) -> Option<Millis> {
        let of_log = |rule: &&Rule| matches!(rule.trigger, Trigger::Started | Trigger::Message { .. });
        self.on().filter(of_log).map(|rule| rule.since).min()
    }

    /// The rules that are on and watch for waits, with the wait in milliseconds.
    pub fn waits(&self) -> impl Iterator<Item = (&RuleId, Millis)> {
        self.on().filter_map(|rule| match rule.trigger {
            Trigger::Waiting { longer_than_s } => Some((&rule.id, longer_than_s.saturating_mul(1_000))),
            _ => None,
        })
    }

    /// Since when a rule is for hours that begin or end: the first that is.
    pub fn turns_since(&self) -> Option<Millis> {
        self.on().filter(|rule| rule.turns_of().is_some()).map(|rule| rule.since).min()
    }

    /// The teams for whose opening or closing a rule is.
    pub fn turns(&self) -> BTreeSet<&TeamId> {
        self.on().filter_map(Rule::turns_of).collect()
    }

    /// The one of this id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        self.rules.iter().find(|(one, _)| one == id).and_then(|(_, one)| one.as_ref()).map(|one| &one.rule)
    }

    fn on(&self) -> impl Iterator<Item = &Rule> {
        self.rules.iter().filter_map(|(_, one)| one.as_ref()).map(|one| &one.rule).filter(|rule| rule.on)
    }

    /// The shortest wait that a rule watches for, in milliseconds; none while no rule does.
    pub fn shortest_wait(&self) -> Option<Millis> {
        self.waits().map(|(_, wait)| wait).min()
    }

    /// Says of every rule, in order, what becomes of it. The same rules told the same say the same.
    pub fn evaluate(&self, told: &Situation, now: Millis) -> Vec<Verdict> {
        let mut fired = told.fired;
        let mut stopped_by: Option<RuleId> = None;
        let mut verdicts = Vec::with_capacity(self.rules.len());
        for (id, prepared) in &self.rules {
            let mut checks = Vec::new();
            let outcome = match (prepared, &stopped_by) {
                (None, _) => Outcome::Spoilt,
                (Some(one), _) if !one.rule.on => Outcome::Off,
                _ if told.by == AuthorKind::System && !is_by_clock(&told.happened) => Outcome::ByItself,
                _ if told.done.contains(id) => Outcome::Done,
                // What would not have been looked at is not held up either.
                (Some(one), Some(rule)) if one.is_for(&told.happened, told.at) => {
                    Outcome::StoppedBy { rule: rule.clone() }
                }
                (Some(one), Some(_)) => one.look(told, now, &mut checks),
                (Some(one), None) => {
                    let outcome = one.look(told, now, &mut checks);
                    if outcome == Outcome::Fires && fired >= FIRINGS { Outcome::TooMany } else { outcome }
                }
            };
            let mut actions = Vec::new();
            if let (Outcome::Fires, Some(one)) = (&outcome, prepared) {
                fired += 1;
                actions.clone_from(&one.rule.actions);
                stopped_by = one.rule.stop.then(|| id.clone());
            }
            verdicts.push(Verdict { rule: id.clone(), outcome, checks, actions });
        }
        verdicts
    }
}

/// What is written down of it: whatever fires, and of the rest so much that no flood of messages makes a flood of rows. Of a
/// wait, which is looked at again and again, only what came of it.
pub fn noted(mut verdicts: Vec<Verdict>, told: &Situation) -> Vec<Verdict> {
    let room = if matches!(told.happened, Happened::Waiting { .. }) {
        0
    } else {
        UNFIRED.saturating_sub(usize::try_from(told.unfired).unwrap_or_default())
    };
    let mut unfired = 0;
    verdicts.retain(|one| {
        let fires = one.outcome == Outcome::Fires;
        unfired += usize::from(one.outcome.is_noted() && !fires);
        one.outcome.is_noted() && (fires || unfired <= room)
    });
    verdicts
}

/// That somebody waits, and that hours begin or end, is nobody's doing.
fn is_by_clock(happened: &Happened) -> bool {
    matches!(happened, Happened::Waiting { .. } | Happened::Hours { .. })
}

fn prepare(rule: Rule) -> Option<Prepared> {
    rule.check().ok()?;
    let ready = |pattern: &super::Pattern| pattern.ready().ok();
    let trigger = rule.trigger.pattern().and_then(ready);
    let conditions = rule.conditions.iter().map(|one| one.pattern().and_then(ready)).collect();
    Some(Prepared { rule, trigger, conditions })
}

impl Prepared {
    fn is_for(&self, happened: &Happened, at: Millis) -> bool {
        let matches = match (&self.trigger, happened) {
            (Some(ready), Happened::Message { text, .. }) => ready.is_in(text),
            _ => true,
        };
        self.rule.on && self.rule.since <= at && self.rule.trigger.is_for(happened) && matches
    }

    fn look(&self, told: &Situation, now: Millis, checks: &mut Vec<Check>) -> Outcome {
        if !self.rule.trigger.is_for(&told.happened) {
            return Outcome::OtherTrigger;
        }
        if told.at < self.rule.since {
            return Outcome::Earlier;
        }
        if let (Some(ready), Happened::Message { text, .. }) = (&self.trigger, &told.happened)
            && !ready.is_in(text)
        {
            return Outcome::NoMatch;
        }
        let conditions = self.rule.conditions.iter().zip(&self.conditions).enumerate();
        checks.extend(conditions.map(|(condition, (one, ready))| {
            let (held, why) = one.holds(ready.as_ref(), told, now);
            Check { condition, held, why }
        }));
        if checks.iter().all(|check| check.held) { Outcome::Fires } else { Outcome::NotHeld }
    }
}
