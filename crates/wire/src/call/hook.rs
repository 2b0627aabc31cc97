//! Automations behind web hooks: an admin adds them, and whoever serves them asks which there are.

use super::automation::OneAutomation;
use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Adds an automation that is reached over HTTPS; it is inactive at first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddHook {
    /// Its name, not taken by any automation: 1 to 26 of `a-z 0-9 _ -`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does, in a sentence.
    pub description: String,
    /// Where turns are sent.
    pub url: String,
}

/// Changes such an automation; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchHook {
    /// Which.
    pub name: String,
    /// What people read.
    pub title: Option<String>,
    /// What it does, in a sentence.
    pub description: Option<String>,
    /// Where turns are sent.
    pub url: Option<String>,
}

/// Makes another secret. Requests are signed with both for a day, so that the receiver can change in between.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RotateHook {
    /// Which.
    pub name: String,
}

/// Deletes such an automation; what it has goes to people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteHook {
    /// Which.
    pub name: String,
}

/// Sends one a turn that nobody waits for, and tells what it answers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TryHook {
    /// Which.
    pub name: String,
    /// What a visitor would say.
    pub text: String,
}

/// What came of it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HookTrial {
    /// How long it took, in milliseconds.
    pub took_ms: i64,
    /// What went wrong; the rest is empty then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// What it says.
    pub messages: Vec<view::GuideMessage>,
    /// `wait`, `handoff` or `resolve`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<String>,
    /// The team to which it hands over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The automation to which it hands over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation: Option<String>,
    /// Why it hands over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Tags that it would put on the conversation.
    pub tags: Vec<String>,
}

/// Which there are, with everything that is needed to serve them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetHooks {}

/// An automation and the secret that requests to it are signed with, shown this once.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HookSecret {
    /// The automation.
    pub automation: view::Automation,
    /// `whsec_` and base64, as Standard Webhooks writes it.
    pub secret: String,
}

/// All that is needed to serve one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HookSpec {
    /// Its name.
    pub name: String,
    /// What people read.
    pub title: String,
    /// What it does.
    pub description: String,
    /// Where turns are sent.
    pub url: String,
    /// What requests are signed with, the newest first.
    pub secrets: Vec<String>,
}

call! {
    AddHook => "cmd.add_hook", ADMIN, HookSecret;
    PatchHook => "cmd.patch_hook", ADMIN, OneAutomation;
    RotateHook => "cmd.rotate_hook", ADMIN, HookSecret;
    DeleteHook => "cmd.delete_hook", ADMIN, ();
    TryHook => "qry.try_hook", ADMIN, HookTrial;
    GetHooks => "qry.hooks", COMPONENT, Vec<HookSpec>;
}
