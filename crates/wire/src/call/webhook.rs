//! Servers outside that are told what happens.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// All of them, in the order in which they were added.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListWebhooks {}

/// Adds one, which is told what happens from now on.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddWebhook {
    /// What people read.
    pub name: String,
    /// Where it is told.
    pub url: String,
    /// Names of events.
    pub events: Vec<String>,
}

/// Changes one; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchWebhook {
    /// Which.
    pub id: String,
    /// What people read.
    pub name: Option<String>,
    /// Where it is told.
    pub url: Option<String>,
    /// Names of events.
    pub events: Option<Vec<String>>,
    /// Whether it is told anything. What waits is kept meanwhile; what happens meanwhile is not told.
    pub active: Option<bool>,
}

/// Makes another secret. Requests are signed with both for a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RotateWebhook {
    /// Which.
    pub id: String,
}

/// Deletes one, and what it was still to be told.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteWebhook {
    /// Which.
    pub id: String,
}

/// Sends it the event `webhook.test`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TestWebhook {
    /// Which; it must be active.
    pub id: String,
}

/// What it was told and is to be told, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListWebhookDeliveries {
    /// Of which.
    pub id: String,
    /// Only those: `waiting`, `delivered` or `failed`.
    pub state: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Tries again what was given up.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReplayWebhook {
    /// Of which.
    pub id: String,
    /// Only this event; all when absent.
    pub event: Option<String>,
}

/// One by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneWebhook {
    /// The server.
    pub webhook: view::Webhook,
}

/// One, and the secret that requests to it are signed with, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct WebhookSecret {
    /// The server.
    pub webhook: view::Webhook,
    /// `whsec_` and base64, as Standard Webhooks writes it.
    pub secret: String,
}

/// What was sent to try it.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tested {
    /// The event's id; how it went is in the deliveries.
    pub event: String,
}

/// What is tried again.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Replayed {
    /// How many deliveries.
    pub deliveries: i64,
}

call! {
    ListWebhooks => "qry.webhooks", ADMIN, view::Page<view::Webhook>;
    AddWebhook => "cmd.add_webhook", ADMIN, WebhookSecret;
    PatchWebhook => "cmd.patch_webhook", ADMIN, OneWebhook;
    RotateWebhook => "cmd.rotate_webhook", ADMIN, WebhookSecret;
    DeleteWebhook => "cmd.delete_webhook", ADMIN, ();
    TestWebhook => "cmd.test_webhook", ADMIN, Tested;
    ListWebhookDeliveries => "qry.webhook_deliveries", ADMIN, view::Page<view::WebhookDelivery>;
    ReplayWebhook => "cmd.replay_webhook", ADMIN, Replayed;
}
