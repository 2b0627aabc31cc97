//! Guides, as admins compose them.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// All guides, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListGuides {}

/// One with its draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetGuide {
    /// Which.
    pub name: String,
}

/// Makes a guide, and the inactive automation that it will be.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddGuide {
    /// The automation's name: 1 to 26 of `[a-z0-9_-]`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// An exported guide to begin with; otherwise it is the greeter.
    pub file: Option<String>,
    /// The team that the greeter hands over to.
    pub team: Option<String>,
}

/// Changes the draft.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutDraft {
    /// Of which guide.
    pub name: String,
    /// The edition that was changed.
    pub edition: i64,
    /// The steps.
    pub steps: Vec<Value>,
}

/// Publishes the draft, or an earlier version again: new runs begin with it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PublishGuide {
    /// Which.
    pub name: String,
    /// The edition of the draft that is meant.
    pub edition: i64,
    /// An earlier version to roll back to; it becomes the draft too.
    pub version: Option<i64>,
}

/// Changes a guide's title; its name stays, for that is what conversations and programs know it by.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchGuide {
    /// Which.
    pub name: String,
    /// What people read.
    pub title: String,
}

/// Deletes a guide to which no other one goes. The conversations that it has go to people.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteGuide {
    /// Which.
    pub name: String,
}

/// Plays a turn of steps that need not be stored; nothing is.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TryGuide {
    /// The steps.
    pub steps: Vec<Value>,
    /// As the turn before answered it; none begins.
    pub state: Option<String>,
    /// What the visitor says.
    pub text: String,
    /// What is known of the visitor, `name` and `email` among it.
    pub known: BTreeMap<String, String>,
    /// The visitor's language.
    pub locale: Option<String>,
    /// The visitor's page.
    pub page: Option<String>,
    /// No web hook is called: whether they are taken to fail.
    #[serde(default)]
    pub calls_fail: bool,
}

/// A guide by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneGuide {
    /// The guide.
    pub guide: view::Guide,
    /// Its draft.
    pub steps: Vec<Value>,
    /// What is wrong with the draft.
    pub problems: Vec<view::GuideProblem>,
    /// What was published, newest first.
    pub versions: Vec<view::GuideVersion>,
    /// The draft as a file.
    pub file: String,
    /// Where it is in use; told when it is asked for, not after a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub uses: Option<GuideUses>,
}

/// Where a guide is in use.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GuideUses {
    /// Conversations that it has at this moment.
    pub conversations: i64,
    /// The names of other guides that go to it, as drafts or as published.
    pub guides: Vec<String>,
}

/// What a turn of a dry run comes to.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Tried {
    /// What the guide says.
    pub messages: Vec<view::GuideMessage>,
    /// `wait`, `handoff`, `go` or `resolve`.
    pub then: String,
    /// To which automation it goes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automation: Option<String>,
    /// To which team it hands over.
    pub team: Option<String>,
    /// Why it hands over.
    pub reason: Option<String>,
    /// For the next turn, if it waits.
    pub state: Option<String>,
    /// Tags that it puts on the conversation.
    pub tags: Vec<String>,
    /// What it has learnt.
    pub learnt: BTreeMap<String, String>,
    /// What it would have sent to web hooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub calls: Vec<TriedCall>,
}

/// What a dry run would have sent to a web hook.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TriedCall {
    /// By which step.
    pub step: String,
    /// The web hook's id.
    pub webhook: String,
    /// What would have been sent.
    pub body: String,
}

call! {
    ListGuides => "qry.guides", ADMIN, view::Page<view::Guide>;
    GetGuide => "qry.guide", ADMIN, OneGuide;
    AddGuide => "cmd.add_guide", ADMIN, OneGuide;
    PutDraft => "cmd.put_draft", ADMIN, OneGuide;
    PublishGuide => "cmd.publish_guide", ADMIN, OneGuide;
    PatchGuide => "cmd.patch_guide", ADMIN, OneGuide;
    DeleteGuide => "cmd.delete_guide", ADMIN, ();
    TryGuide => "qry.try_guide", ADMIN, Tried;
}
