//! Automations, as admins manage them.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// All automations, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListAutomations {}

/// Changes an automation; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchAutomation {
    /// Which.
    pub name: String,
    /// Activates or deactivates; what it has then goes to people.
    pub active: Option<bool>,
    /// Whether visitors may start with it.
    pub public: Option<bool>,
    /// Time for one attempt at a turn, in milliseconds: 100 to 60,000.
    pub deadline_ms: Option<i64>,
    /// How it is used, replaced as a whole.
    #[serde(default)]
    pub rules: Option<view::AutomationRules>,
}

/// An automation by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneAutomation {
    /// The automation.
    pub automation: view::Automation,
}

call! {
    ListAutomations => "qry.automations", ADMIN, view::Page<view::Automation>;
    PatchAutomation => "cmd.patch_automation", ADMIN, OneAutomation;
}
