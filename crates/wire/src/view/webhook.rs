//! Servers outside that are told what happens.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A server that is told what happens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Webhook {
    /// The id.
    pub id: String,
    /// What people read.
    pub name: String,
    /// Where it is told.
    pub url: String,
    /// What it is told: names of events, such as `conversation.started`.
    pub events: Vec<String>,
    /// Whether it is told anything.
    pub active: bool,
    /// Why Switchboard tells it nothing any more, if it was not an admin who decided that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Since when it has not answered well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failing_since: Option<String>,
    /// Until when requests are signed with the secret before as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_secret_until: Option<String>,
    /// Deliveries that wait.
    pub waiting: i64,
    /// How many may; with more it is told nothing further.
    #[serde(default)]
    pub limit: i64,
    /// Deliveries that were given up.
    pub failed: i64,
    /// When it was added.
    pub created_at: String,
}

/// Something that a server was to be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WebhookDelivery {
    /// The event's id, as in the header `webhook-id`.
    pub id: String,
    /// The event's name.
    pub event: String,
    /// The conversation or visitor that it is about; for others the event's id.
    pub about: String,
    /// `waiting`, `delivered` or `failed`.
    pub state: String,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was noted.
    pub created_at: String,
    /// When it is tried next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_at: Option<String>,
    /// When it was last tried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tried_at: Option<String>,
    /// The status of the last answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<i64>,
    /// How long that took, in milliseconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub took_ms: Option<i64>,
    /// The beginning of what was answered, or what went wrong.
    pub said: String,
}
