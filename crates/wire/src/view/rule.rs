//! Rules, and what became of them.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

/// A rule: when something happens, if conditions hold, then something is done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Rule {
    /// Its id.
    pub id: String,
    /// What admins call it.
    pub name: String,
    /// Whether it is on.
    pub on: bool,
    /// When it is looked at, such as `{"when":"started"}`.
    #[schema(value_type = Object)]
    pub trigger: Value,
    /// What must hold, all of it, such as `{"if":"tagged","tag":"vip","has":true}`.
    #[schema(value_type = Vec<Object>)]
    pub conditions: Vec<Value>,
    /// What is done, in order, such as `{"then":"tag","tag":"sales"}`.
    #[schema(value_type = Vec<Object>)]
    pub actions: Vec<Value>,
    /// Whether no later rule is looked at when it fires.
    pub stop: bool,
    /// What of it cannot be done as things are, and what to do about it.
    #[serde(default)]
    pub troubles: Vec<String>,
    /// Which edition of it this is, to be given back with changes to it; a few ASCII characters.
    #[serde(default)]
    pub edition: String,
    /// Since when it is as it is: what happened before does not concern it.
    pub changed_at: String,
}

/// Whether a condition held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleCheck {
    /// Which, from 0.
    pub condition: usize,
    /// Whether it held.
    pub held: bool,
    /// Why, in words.
    pub why: String,
}

/// What became of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RuleStep {
    /// The action.
    #[schema(value_type = Object)]
    pub action: Value,
    /// Why it was not carried out; absent when it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<String>,
}

/// What became of a rule that something happened for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct RuleRun {
    /// Its id.
    pub id: String,
    /// Which rule.
    pub rule: String,
    /// What it was called.
    pub name: String,
    /// In which conversation.
    pub conversation: String,
    /// What happened: `started`, `message`, `waiting`, `tagged`, `rated` or `hours`.
    pub when: String,
    /// Whether it fired.
    pub fired: bool,
    /// Why, or why not, in words.
    pub why: String,
    /// Its conditions, where they were looked at.
    pub checks: Vec<RuleCheck>,
    /// What was done, and what not.
    pub steps: Vec<RuleStep>,
    /// When.
    pub at: String,
}
