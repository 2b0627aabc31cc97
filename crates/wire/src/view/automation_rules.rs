//! How an automation is used.

use super::Hours;
use serde::{Deserialize, Serialize};
use switchboard_domain::automation_rules::{self, AutomationHours, DEFAULT_CONCURRENCY, Outside};
use utoipa::ToSchema;

/// How much an automation does at a time, when, and where what it hands over goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AutomationRules {
    /// Turns out at a time (1 to 512), all its instances together.
    #[serde(default = "concurrency")]
    pub concurrency: i64,
    /// The id of the team that takes what it hands over, unless it names one itself; everybody when absent.
    #[serde(default)]
    pub handoff_team: Option<String>,
    /// Hours of its own, within which it takes new conversations.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// Or it goes by a team's hours.
    #[serde(default)]
    pub team_hours: Option<TeamHours>,
    /// Outside of them: `hidden`, visitors are not offered it, or `people`, they get to people.
    #[serde(default = "outside")]
    pub outside: String,
}

/// The hours of a team, by which an automation goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamHours {
    /// The team's id.
    pub team: String,
    /// `open`: while the team is within its business hours; `closed`: while it is not.
    pub when: String,
}

fn concurrency() -> i64 {
    DEFAULT_CONCURRENCY
}

fn outside() -> String {
    Outside::default().as_str().into()
}

impl Default for AutomationRules {
    fn default() -> Self {
        Self::from(&automation_rules::AutomationRules::default())
    }
}

impl From<&automation_rules::AutomationRules> for AutomationRules {
    fn from(rules: &automation_rules::AutomationRules) -> Self {
        let of = |team: &switchboard_domain::TeamId, when: &str| {
            Some(TeamHours { team: team.to_string(), when: when.into() })
        };
        let (hours, team_hours) = match &rules.hours {
            AutomationHours::Always => (None, None),
            AutomationHours::Own(hours) => (Some(Hours::from(hours)), None),
            AutomationHours::Team(team) => (None, of(team, "open")),
            AutomationHours::TeamClosed(team) => (None, of(team, "closed")),
        };
        Self {
            concurrency: rules.concurrency,
            handoff_team: rules.handoff_team.as_ref().map(ToString::to_string),
            hours,
            team_hours,
            outside: rules.outside.as_str().into(),
        }
    }
}
