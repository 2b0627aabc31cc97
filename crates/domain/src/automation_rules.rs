//! How an automation is used: how much at a time, when, and where what it hands over goes.

use crate::clock::Millis;
use crate::hours::Hours;
use crate::id::TeamId;
use crate::team::TeamRules;

/// Turns that one automation has out at a time, all its instances together, unless an admin says otherwise.
pub const DEFAULT_CONCURRENCY: i64 = 64;
/// Bounds of that.
pub const CONCURRENCY: std::ops::RangeInclusive<i64> = 1..=512;

/// What an admin says of an automation, beside whether it is active and public and how long it has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AutomationRules {
    /// Turns out at a time, all instances together.
    pub concurrency: i64,
    /// Whose queue takes what it hands over, unless it names a team itself.
    pub handoff_team: Option<TeamId>,
    /// When it takes new conversations.
    pub hours: AutomationHours,
    /// What happens outside of them.
    pub outside: Outside,
}

/// When an automation takes new conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum AutomationHours {
    /// At any time.
    #[default]
    Always,
    /// Within hours of its own.
    Own(Hours),
    /// While a team is within its business hours.
    Team(TeamId),
    /// While a team is not: for the night.
    TeamClosed(TeamId),
}

/// What happens outside of its hours. What it has already it keeps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outside {
    /// Visitors are not offered it.
    #[default]
    Hidden,
    /// They are, and get to people: to the team that takes what it hands over.
    People,
}

impl Outside {
    /// As it is stored and shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::People => "people",
        }
    }

    /// The one of this name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Hidden, Self::People].into_iter().find(|one| one.as_str() == name)
    }
}

impl Default for AutomationRules {
    fn default() -> Self {
        Self {
            concurrency: DEFAULT_CONCURRENCY,
            handoff_team: None,
            hours: AutomationHours::Always,
            outside: Outside::Hidden,
        }
    }
}

impl AutomationRules {
    /// The team whose hours must be known to say whether it is open.
    pub fn asks_team(&self) -> Option<&TeamId> {
        match &self.hours {
            AutomationHours::Team(team) | AutomationHours::TeamClosed(team) => Some(team),
            AutomationHours::Always | AutomationHours::Own(_) => None,
        }
    }

    /// Whether it takes new conversations at this time; `team` is how the team works that it asks.
    pub fn is_open(&self, team: &TeamRules, now: Millis) -> bool {
        match &self.hours {
            AutomationHours::Always => true,
            AutomationHours::Own(hours) => hours.is_open(now),
            AutomationHours::Team(_) => team.is_open(now),
            AutomationHours::TeamClosed(_) => !team.is_open(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hours::Span;

    /// Monday, 2026-11-23 08:00 UTC.
    const MONDAY_8: Millis = 1_795_420_800_000;

    fn mornings() -> Hours {
        let morning = || vec![Span { from: "07:00".into(), to: "09:00".into() }];
        Hours { zone: "UTC".into(), week: std::array::from_fn(|_| morning()), holidays: vec![] }
    }

    #[test]
    fn hours_are_its_own_or_those_of_a_team_or_all_the_others() {
        let team: TeamId = "sales".parse().unwrap();
        let (always, keeps) =
            (TeamRules::default(), TeamRules { hours: Some(mornings()), ..TeamRules::default() });
        let rules = |hours| AutomationRules { hours, ..AutomationRules::default() };
        let noon = MONDAY_8 + 4 * 3_600_000;
        let cases = [
            (AutomationHours::Always, &always, true, true),
            (AutomationHours::Own(mornings()), &always, true, false),
            (AutomationHours::Team(team.clone()), &keeps, true, false),
            (AutomationHours::TeamClosed(team.clone()), &keeps, false, true),
            (AutomationHours::Team(team.clone()), &always, true, true),
            (AutomationHours::TeamClosed(team), &always, false, false),
        ];
        for (hours, team, at_eight, at_noon) in cases {
            let rules = rules(hours);
            assert_eq!(rules.is_open(team, MONDAY_8), at_eight, "{rules:?}");
            assert_eq!(rules.is_open(team, noon), at_noon, "{rules:?}");
        }
    }

    #[test]
    fn what_happens_outside_has_names() {
        for one in [Outside::Hidden, Outside::People] {
            assert_eq!(Outside::named(one.as_str()), Some(one));
        }
        assert_eq!(Outside::named("closed"), None);
    }
}
