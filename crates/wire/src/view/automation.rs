//! Automations as an admin sees them.

use super::AutomationRules;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether instances answer discovery.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// At least one instance is there.
    Up,
    /// None was seen lately.
    Down,
    /// Instances are there, the last turns failed.
    Failing,
}

/// An automation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Automation {
    /// The service's name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Whether it may have conversations at all.
    pub active: bool,
    /// Whether visitors may start with it.
    pub public: bool,
    /// Whether instances answer.
    pub health: Health,
    /// Time for one attempt at a turn, in milliseconds.
    pub deadline_ms: i64,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When that was.
    pub last_error_at: Option<String>,
    /// How it is used.
    #[serde(default)]
    pub rules: AutomationRules,
    /// Whether it is within its hours.
    #[serde(default = "open")]
    pub open: bool,
    /// Instances that answered lately.
    #[serde(default)]
    pub instances: i64,
    /// What its instances have done, as they say; absent when they do not, or nobody has asked yet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<AutomationCounts>,
    /// How it is reached, when that is over HTTPS.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hook: Option<WebHook>,
}

/// Where an automation's turns are sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebHook {
    /// The address.
    pub url: String,
    /// Until when requests are signed with the secret before as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<String>,
}

fn open() -> bool {
    true
}

/// What the instances of an automation have done since they started, all together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AutomationCounts {
    /// Turns answered.
    pub turns: i64,
    /// Those among them that were answered with an error.
    pub errors: i64,
    /// The mean time of an answer, in milliseconds.
    pub mean_ms: i64,
}
