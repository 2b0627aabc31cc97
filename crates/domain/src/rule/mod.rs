//! Rules: *when* something happens to a conversation, *if* conditions hold, *then* something is done.
//!
//! [`RuleBook::evaluate`] says of every rule, in order, whether it fires and why not; [`plan`] says what is then done
//! and what is skipped. Both are pure. What a rule does is written by the system, and what the system writes triggers
//! nothing, so rules cannot go round in circles.

mod action;
mod condition;
mod evaluate;
mod pattern;
mod plan;
mod situation;
#[cfg(test)]
mod tests;
mod trigger;

pub use action::{Action, VARIABLES, fill};
pub use condition::{Condition, OwnerKind};
pub use evaluate::{Check, Outcome, RuleBook, Verdict, noted};
pub use pattern::Pattern;
pub use plan::{Known, Skip, Step, Trouble, plan, troubles};
pub use situation::{Happened, Occurrence, Person, Situation};
pub use trigger::Trigger;

use crate::clock::Millis;
use crate::id::{RuleId, TeamId};
use crate::limits::NAME_CHARS;
use crate::message::BadText;
use crate::tag::BadTag;
use serde::{Deserialize, Serialize};

/// Most rules of an installation.
pub const RULES: usize = 200;
/// Largest rule, as JSON in bytes.
pub const RULE_BYTES: usize = 32 * 1024;
/// Largest list of all rules, as JSON in bytes: with what is shown beside each it fits into one message of the bus.
pub const RULES_BYTES: usize = 512 * 1024;
/// Most conditions of a rule.
pub const CONDITIONS: usize = 10;
/// Most actions of a rule.
pub const ACTIONS: usize = 10;
/// Most words of one pattern.
pub const WORDS: usize = 50;
/// Longest word, phrase or regular expression, in characters.
pub const PATTERN_CHARS: usize = 500;
/// Most regular expressions of all rules together; with [`REGEX_BYTES`] it bounds the memory they take.
pub const REGEXES: usize = 100;
/// Largest compiled regular expression in bytes: what it takes in memory, most of it the letters of all languages.
pub const REGEX_BYTES: usize = 192 * 1024;
/// The same without classes such as `\w`, which are large and cheap: what is left is what costs time, repetitions above all.
pub const REGEX_STEPS_BYTES: usize = 24 * 1024;
/// Largest cache of an expression that runs, in bytes.
pub const REGEX_CACHE_BYTES: usize = 128 * 1024;
/// How much of a message a regular expression sees, in characters.
pub const REGEX_CHARS: usize = 2_000;
/// Longest value that is compared with a page or an answer, in characters.
pub const VALUE_CHARS: usize = 500;
/// Shortest and longest wait that a rule may watch for, in seconds.
pub const WAIT_S: std::ops::RangeInclusive<i64> = 30..=30 * 24 * 3_600;
/// Longest snooze by a rule, in seconds.
pub const SNOOZE_S: std::ops::RangeInclusive<i64> = 60..=30 * 24 * 3_600;
/// Most rules that fire in one conversation within [`PACE_MS`]; a flood of messages gets no further.
pub const FIRINGS: i64 = 30;
/// Most looks at rules that did not fire that are written down of one conversation within [`PACE_MS`].
pub const UNFIRED: usize = 60;
/// What [`FIRINGS`] and [`UNFIRED`] are counted over.
pub const PACE_MS: Millis = 3_600_000;

/// A rule. Its place among the others is the order of the list that it stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What admins call it.
    pub name: String,
    /// Whether it is on.
    pub on: bool,
    /// When it is looked at.
    pub trigger: Trigger,
    /// What must hold; all of them, and none is always true.
    pub conditions: Vec<Condition>,
    /// What is done, in order.
    pub actions: Vec<Action>,
    /// When it fires no later rule is looked at.
    pub stop: bool,
    /// Since when it is as it is, and on: what happened before does not concern it.
    #[serde(default)]
    pub since: Millis,
}

/// Why a rule is not acceptable.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadRule {
    /// Blank, too long, or not on one line.
    #[error("give the rule a name of 1 to {NAME_CHARS} characters on one line")]
    Name,
    /// Too many conditions.
    #[error("a rule has at most {CONDITIONS} conditions: make two rules of it")]
    Conditions,
    /// None, or too many.
    #[error("a rule has 1 to {ACTIONS} actions")]
    Actions,
    /// Too many rules.
    #[error("there are at most {RULES} rules: delete one that is not used")]
    TooMany,
    /// Too long a rule.
    #[error("a rule has at most {} KiB in all: shorten its messages and patterns, or make two of it", RULE_BYTES / 1_024)]
    Long,
    /// Too long all together.
    #[error(
        "all rules together have at most {} KiB: shorten messages and patterns, or delete a rule that is not used",
        RULES_BYTES / 1_024
    )]
    LongTogether,
    /// Two rules of one id.
    #[error("a rule stands in the list twice")]
    Twice,
    /// Too many regular expressions.
    #[error("all rules together have at most {REGEXES} regular expressions: use words or phrases instead")]
    Regexes,
    /// Nothing to look for, or too much.
    #[error("give 1 to {WORDS} words, a phrase or an expression, each of at most {PATTERN_CHARS} characters")]
    Pattern,
    /// What is given as a word is none, or several.
    #[error(
        "{0:?} is not one word: words are letters and digits, and whatever else stands between them, such as - or ', parts \
         them; look for it as a phrase"
    )]
    Word(String),
    /// A regular expression that would take too long.
    #[error(
        "the expression is too large: shorten it, repeat less ({{3}} rather than {{300}}), or make two rules of it"
    )]
    RegexLarge,
    /// Not a regular expression.
    #[error("the expression cannot be used: {0}")]
    Regex(String),
    /// A wait out of bounds.
    #[error("give a wait between 30 seconds and 30 days")]
    Wait,
    /// A snooze out of bounds.
    #[error("give a snooze between one minute and 30 days")]
    Snooze,
    /// Not a rating.
    #[error("a rating is 1 to 5")]
    Rating,
    /// Blank or too long.
    #[error("give a value of 1 to {VALUE_CHARS} characters")]
    Value,
    /// Not a tag.
    #[error(transparent)]
    Tag(#[from] BadTag),
    /// Not the key of an answer.
    #[error(transparent)]
    Key(#[from] crate::attributes::BadAttribute),
    /// Not a message that could be sent.
    #[error(transparent)]
    Text(#[from] BadText),
    /// Names something that nobody puts in.
    #[error(
        "nothing is called {{{{{0}}}}} here: use {{{{visitor.name}}}}, {{{{visitor.first_name}}}} or {{{{visitor.email}}}}"
    )]
    Unknown(String),
    /// A `{{` without its `}}`.
    #[error("close {{{{ with }}}}, as in {{{{visitor.first_name|there}}}}")]
    Open,
    /// No name of an automation.
    #[error("name an automation")]
    Automation,
    /// More than one action that says who has the conversation.
    #[error("a rule hands a conversation over, or ends it, once: take one of those actions away")]
    Destinations,
}

impl Rule {
    /// Checks a rule by itself.
    ///
    /// # Errors
    /// See [`BadRule`].
    pub fn check(&self) -> Result<(), BadRule> {
        let name = self.name.trim();
        let fits = !name.is_empty() && name.chars().count() <= NAME_CHARS;
        if !fits || name.chars().any(char::is_control) {
            return Err(BadRule::Name);
        }
        if self.conditions.len() > CONDITIONS {
            return Err(BadRule::Conditions);
        }
        if !(1..=ACTIONS).contains(&self.actions.len()) {
            return Err(BadRule::Actions);
        }
        self.trigger.check()?;
        self.conditions.iter().try_for_each(Condition::check)?;
        self.actions.iter().try_for_each(Action::check)?;
        if self.actions.iter().filter(|action| action.is_destination()).count() > 1 {
            return Err(BadRule::Destinations);
        }
        if self.bytes() > RULE_BYTES {
            return Err(BadRule::Long);
        }
        Ok(())
    }

    /// How long it is as JSON, in bytes.
    fn bytes(&self) -> usize {
        serde_json::to_string(self).map_or(usize::MAX, |text| text.len())
    }

    /// The team for whose opening or closing it is.
    fn turns_of(&self) -> Option<&TeamId> {
        match &self.trigger {
            Trigger::Hours { team, .. } => Some(team),
            _ => None,
        }
    }

    /// The teams that it names.
    pub fn teams(&self) -> impl Iterator<Item = &TeamId> {
        let conditions = self.conditions.iter().filter_map(|one| match one {
            Condition::Hours { team, .. } | Condition::Team { team: Some(team) } => Some(team),
            _ => None,
        });
        let actions = self.actions.iter().filter_map(|one| match one {
            Action::Team { team } => Some(team),
            _ => None,
        });
        self.turns_of().into_iter().chain(conditions).chain(actions)
    }

    /// The patterns that it looks for.
    fn patterns(&self) -> impl Iterator<Item = &Pattern> {
        self.trigger.pattern().into_iter().chain(self.conditions.iter().filter_map(Condition::pattern))
    }
}

/// Checks all rules together, as they are about to stand.
///
/// # Errors
/// With the place of the first that is not acceptable; none when it is all of them.
pub fn check_all(rules: &[Rule]) -> Result<(), (Option<usize>, BadRule)> {
    if rules.len() > RULES {
        return Err((None, BadRule::TooMany));
    }
    let mut ids = std::collections::BTreeSet::new();
    let (mut regexes, mut bytes) = (0, 0_usize);
    for (place, rule) in rules.iter().enumerate() {
        rule.check().map_err(|bad| (Some(place), bad))?;
        if !ids.insert(&rule.id) {
            return Err((Some(place), BadRule::Twice));
        }
        regexes += rule.patterns().filter(|pattern| matches!(pattern, Pattern::Regex { .. })).count();
        if regexes > REGEXES {
            return Err((Some(place), BadRule::Regexes));
        }
        bytes = bytes.saturating_add(rule.bytes());
    }
    if bytes > RULES_BYTES {
        return Err((None, BadRule::LongTogether));
    }
    Ok(())
}
