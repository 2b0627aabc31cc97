//! What a benchmark gives.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::rounds::Comparison;

/// Control pairs (a system beside itself) outside this range say that the machine was not quiet.
pub const QUIET: std::ops::RangeInclusive<f64> = 0.95..=1.05;

/// Everything that one run of a benchmark gives.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// One line of the table each.
    pub measurements: Vec<Measurement>,
    /// What can be drawn.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub curves: Vec<Curve>,
}

/// One figure, what it was held against, and whether that is good enough.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Measurement {
    /// What was measured, such as `1,000 conversations, 1 in flight: messages`.
    pub what: String,
    /// Of `ours` and `theirs`.
    pub unit: String,
    /// Our figure: the median of the rounds.
    pub ours: f64,
    /// What it was held against.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// Its figure: the median of the rounds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub theirs: Option<f64>,
    /// Ours divided by theirs: the median of the pairs, which is not the ratio of the medians.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ratio: Option<f64>,
    /// The least and the greatest of the pairs' ratios.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spread: Option<(f64, f64)>,
    /// Pairs measured.
    #[serde(default)]
    pub pairs: usize,
    /// Ours beside ours in the same rounds: the median ratio.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub control: Option<f64>,
    /// What is good enough.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goal: Option<Goal>,
    /// Whether it was reached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
    /// When our side says that something is stored, and when theirs does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub durability: Option<Durability>,
    /// Further figures by name, units in the name: `CPU µs/message`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub details: BTreeMap<String, f64>,
}

/// When each side of a comparison says that something is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Durability {
    /// Ours.
    pub ours: String,
    /// Theirs.
    pub theirs: String,
}

/// What is good enough.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goal {
    /// Ours ÷ theirs.
    RatioAtLeast(f64),
    /// Ours ÷ theirs.
    RatioAtMost(f64),
    /// Ours, in its unit.
    AtLeast(f64),
    /// Ours, in its unit.
    AtMost(f64),
}

impl std::fmt::Display for Goal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::RatioAtLeast(bound) => write!(f, "≥ {bound} ×"),
            Self::RatioAtMost(bound) => write!(f, "≤ {bound} ×"),
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
        }
    }
}

/// A line to be drawn.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Curve {
    /// Which drawing it belongs to.
    pub plot: Plot,
    /// What it shows, such as `Switchboard, p99`.
    pub name: String,
    /// Left to right.
    pub points: Vec<(f64, f64)>,
}

/// The drawings of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plot {
    /// Milliseconds from send to delivery, against messages per second.
    LatencyAgainstLoad,
    /// Resident MiB, against open connections.
    MemoryAgainstConnections,
}

impl Measurement {
    /// A figure of ours.
    #[must_use]
    pub fn new(what: impl Into<String>, unit: impl Into<String>, ours: f64) -> Self {
        Self { what: what.into(), unit: unit.into(), ours, ..Self::default() }
    }

    /// A figure of ours beside one of another system, from the same rounds.
    #[must_use]
    pub fn compared(what: impl Into<String>, unit: impl Into<String>, with: &Comparison) -> Self {
        Self {
            against: Some(with.against.clone()),
            theirs: Some(with.theirs),
            ratio: Some(with.ratio),
            spread: Some(with.spread),
            pairs: with.pairs,
            ..Self::new(what, unit, with.ours)
        }
    }

    /// What is good enough. Without a ratio or figure to judge it stays unjudged.
    #[must_use]
    pub fn goal(mut self, goal: Goal) -> Self {
        self.met = match goal {
            Goal::RatioAtLeast(bound) => self.ratio.map(|ratio| ratio >= bound),
            Goal::RatioAtMost(bound) => self.ratio.map(|ratio| ratio <= bound),
            Goal::AtLeast(bound) => Some(self.ours >= bound),
            Goal::AtMost(bound) => Some(self.ours <= bound),
        };
        self.goal = Some(goal);
        self
    }

    /// The median ratio of ours beside ours.
    #[must_use]
    pub fn control(mut self, control: Option<f64>) -> Self {
        self.control = control;
        self
    }

    /// When each side says that something is stored.
    #[must_use]
    pub fn durability(mut self, ours: impl Into<String>, theirs: impl Into<String>) -> Self {
        self.durability = Some(Durability { ours: ours.into(), theirs: theirs.into() });
        self
    }

    /// A further figure, with its unit in the name.
    #[must_use]
    pub fn detail(mut self, name: impl Into<String>, value: f64) -> Self {
        self.details.insert(name.into(), value);
        self
    }

    /// Every figure with what it is about.
    pub fn figures(&self) -> impl Iterator<Item = (&str, f64)> {
        let own = [Some(self.ours), self.theirs, self.ratio, self.control].into_iter().flatten();
        let own = own.map(|figure| (self.what.as_str(), figure));
        own.chain(self.details.iter().map(|(name, figure)| (name.as_str(), *figure)))
    }

    /// Whether a control pair said that the machine was quiet; true without a control.
    #[must_use]
    pub fn was_quiet(&self) -> bool {
        self.control.is_none_or(|control| QUIET.contains(&control))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_judges_the_ratio_or_the_figure() {
        let with = Comparison {
            against: "it".into(),
            ours: 80.0,
            theirs: 100.0,
            ratio: 0.8,
            spread: (0.7, 0.9),
            pairs: 5,
        };
        let judged = |goal| Measurement::compared("x", "y", &with).goal(goal).met;
        assert_eq!(judged(Goal::RatioAtLeast(0.75)), Some(true));
        assert_eq!(judged(Goal::RatioAtLeast(0.85)), Some(false));
        assert_eq!(judged(Goal::RatioAtMost(0.75)), Some(false));
        assert_eq!(judged(Goal::AtMost(80.0)), Some(true));
        assert_eq!(judged(Goal::AtLeast(81.0)), Some(false));
        assert_eq!(Measurement::new("x", "y", 1.0).goal(Goal::RatioAtMost(1.0)).met, None);
    }

    #[test]
    fn a_control_pair_says_whether_the_machine_was_quiet() {
        let measured = |control| Measurement::new("x", "y", 1.0).control(control).was_quiet();
        assert!(measured(None) && measured(Some(0.96)));
        assert!(!measured(Some(0.94)) && !measured(Some(1.06)));
    }
}
