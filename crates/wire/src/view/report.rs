//! Reports.

use serde::{Deserialize, Serialize};
use switchboard_domain::report;
use utoipa::ToSchema;

/// How long something took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Span {
    /// In how many conversations it came to that.
    pub count: i64,
    /// The average, in seconds; null when there is none.
    pub average_s: Option<i64>,
    /// The median, in seconds: half of them took less; null when there is none.
    pub median_s: Option<i64>,
}

/// What visitors said.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Ratings {
    /// How many.
    pub count: i64,
    /// The average, 1 to 5; null when there is none.
    pub average: Option<f64>,
    /// How many of each score, from 1 to 5.
    pub scores: Vec<i64>,
}

/// The figures of some conversations that began within the report's time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// How many began.
    pub started: i64,
    /// How many of them a person had.
    pub handled: i64,
    /// How many of them have ended.
    pub resolved: i64,
    /// In how many the visitor left a message, because nobody was there.
    pub left_messages: i64,
    /// From when it became a matter for people to a person's first message.
    pub first_reply: Span,
    /// From the queue to the first person.
    pub wait: Span,
    /// From the beginning to the end.
    pub resolution: Span,
    /// What visitors said.
    pub ratings: Ratings,
}

/// The figures of one day, one hour, one team, one agent or one automation.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct ReportPart {
    /// The day as `YYYY-MM-DD`, the hour as `00` to `23`, the id, or the automation's name; empty for the queue that is no
    /// team's.
    pub key: String,
    /// The name that people know; empty when nobody knows it any more.
    pub name: String,
    /// Its figures.
    pub figures: Figures,
}

/// What happened with the conversations that began within some days.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// The first day, `YYYY-MM-DD`.
    pub from: String,
    /// The last day, which is included.
    pub to: String,
    /// The time zone in which days and hours are counted.
    pub zone: String,
    /// All of them.
    pub totals: Figures,
    /// By the day on which they began, in order, also days without any.
    pub days: Vec<ReportPart>,
    /// By the hour at which they began, in order.
    pub hours: Vec<ReportPart>,
    /// By the team in whose queue they were last, busiest first; at most 200.
    pub teams: Vec<ReportPart>,
    /// By the agent who had them last, busiest first; first replies by who gave them; at most 200.
    pub agents: Vec<ReportPart>,
    /// By the automation that had them last, busiest first; at most 200.
    pub automations: Vec<ReportPart>,
}

/// The course of one conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRow {
    /// Which one.
    pub conversation: String,
    /// When it began, by the clocks of the zone: `2026-11-26 17:04:09`; so are the others.
    pub started: String,
    /// When it first came into a queue.
    pub queued: Option<String>,
    /// When a person first had it.
    pub assigned: Option<String>,
    /// When a person first wrote.
    pub first_reply: Option<String>,
    /// When it ended.
    pub resolved: Option<String>,
    /// Name of the team in whose queue it was last.
    pub team: Option<String>,
    /// Name of the agent who had it last.
    pub agent: Option<String>,
    /// The automation that had it last.
    pub automation: Option<String>,
    /// The visitor's rating.
    pub rating: Option<i64>,
    /// Whether a message was left.
    pub left_message: bool,
    /// From when it became a matter for people to a person's first message, in seconds.
    pub first_reply_s: Option<i64>,
    /// From the queue to the first person, in seconds.
    pub wait_s: Option<i64>,
    /// From the beginning to the end, in seconds.
    pub resolution_s: Option<i64>,
}

/// A piece of the courses of conversations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportRows {
    /// In the order in which they began.
    pub rows: Vec<ReportRow>,
    /// Where the next piece begins; none at the end.
    pub next: Option<String>,
}

impl From<report::Span> for Span {
    fn from(span: report::Span) -> Self {
        let report::Span { count, average_s, median_s } = span;
        Self { count, average_s, median_s }
    }
}

impl From<report::Figures> for Figures {
    fn from(figures: report::Figures) -> Self {
        let report::Ratings { count, average, scores } = figures.ratings;
        Self {
            started: figures.started,
            handled: figures.handled,
            resolved: figures.resolved,
            left_messages: figures.left,
            first_reply: figures.first_reply.into(),
            wait: figures.wait.into(),
            resolution: figures.resolution.into(),
            ratings: Ratings { count, average, scores: scores.to_vec() },
        }
    }
}
