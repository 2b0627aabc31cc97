//! How a team works.

use serde::{Deserialize, Serialize};
use switchboard_domain::team::{DEFAULT_SILENT_S, DEFAULT_WIDEN_S};
use switchboard_domain::{hours, team};
use utoipa::ToSchema;

/// When a team is there, whom it prefers, and who helps out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TeamRules {
    /// Business hours; without them the team is there whenever somebody of it is online.
    #[serde(default)]
    pub hours: Option<Hours>,
    /// Seconds (0 to 3,600) for which a conversation waits for agents with the right skills, if any is online.
    #[serde(default = "widen")]
    pub widen_s: i64,
    /// Seconds (60 to 604,800) of silence after which a conversation that waits for its visitor leaves room for another.
    #[serde(default = "silent")]
    pub silent_s: i64,
    /// The team that helps out.
    #[serde(default)]
    pub overflow: Option<Overflow>,
}

fn widen() -> i64 {
    DEFAULT_WIDEN_S
}

fn silent() -> i64 {
    DEFAULT_SILENT_S
}

/// The team whose agents also take what has waited too long, or what nobody of the own team is there for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Overflow {
    /// Its id.
    pub team: String,
    /// Seconds (0 to 86,400) in the queue before it helps.
    pub after_s: i64,
}

/// A week of hours in a time zone, and the days on which the team is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Hours {
    /// The time zone's name, such as `Europe/Amsterdam`.
    pub zone: String,
    /// Monday to Sunday, at most six stretches a day; a day without any is closed.
    #[schema(value_type = Vec<Vec<HoursSpan>>, min_items = 7, max_items = 7)]
    pub week: [Vec<HoursSpan>; 7],
    /// Days on which the team is closed; at most 100.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A stretch of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HoursSpan {
    /// `HH:MM`.
    pub from: String,
    /// `HH:MM`, not included; `24:00` is the end of the day.
    pub to: String,
}

/// A day on which a team is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Holiday {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// What it is called.
    #[serde(default)]
    pub name: String,
}

impl Default for TeamRules {
    fn default() -> Self {
        Self::from(&team::TeamRules::default())
    }
}

impl From<&team::TeamRules> for TeamRules {
    fn from(rules: &team::TeamRules) -> Self {
        let overflow = rules.overflow.as_ref();
        Self {
            hours: rules.hours.as_ref().map(Hours::from),
            widen_s: rules.widen_s,
            silent_s: rules.silent_s,
            overflow: overflow.map(|o| Overflow { team: o.team.to_string(), after_s: o.after_s }),
        }
    }
}

impl From<&hours::Hours> for Hours {
    fn from(hours: &hours::Hours) -> Self {
        let span = |span: &hours::Span| HoursSpan { from: span.from.clone(), to: span.to.clone() };
        let day = |day: &hours::Holiday| Holiday { date: day.date.clone(), name: day.name.clone() };
        Self {
            zone: hours.zone.clone(),
            week: hours.week.each_ref().map(|day| day.iter().map(span).collect()),
            holidays: hours.holidays.iter().map(day).collect(),
        }
    }
}

impl From<Hours> for hours::Hours {
    fn from(hours: Hours) -> Self {
        let span = |span: HoursSpan| hours::Span { from: span.from, to: span.to };
        let day = |day: Holiday| hours::Holiday { date: day.date, name: day.name };
        Self {
            zone: hours.zone,
            week: hours.week.map(|day| day.into_iter().map(span).collect()),
            holidays: hours.holidays.into_iter().map(day).collect(),
        }
    }
}
