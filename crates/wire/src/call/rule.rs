//! Rules, as admins make them.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// All of them, in their order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListRules {}

/// A rule as an admin writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleDraft {
    /// What admins call it.
    pub name: String,
    /// Whether it is on.
    pub on: bool,
    /// When it is looked at: `started`, `message`, `waiting`, `tagged`, `rated` or `hours`, with more about it.
    #[schema(value_type = Object)]
    pub trigger: Value,
    /// What must hold, all of it; nothing always holds.
    #[schema(value_type = Vec<Object>)]
    pub conditions: Vec<Value>,
    /// What is done, in order.
    #[schema(value_type = Vec<Object>)]
    pub actions: Vec<Value>,
    /// Whether no later rule is looked at when it fires.
    #[serde(default)]
    pub stop: bool,
}

/// Adds one behind all others.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddRule {
    /// It.
    pub rule: RuleDraft,
}

/// Changes one; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchRule {
    /// Which.
    pub id: String,
    /// What admins call it.
    pub name: Option<String>,
    /// Whether it is on.
    pub on: Option<bool>,
    /// When it is looked at.
    pub trigger: Option<Value>,
    /// What must hold.
    pub conditions: Option<Vec<Value>>,
    /// What is done.
    pub actions: Option<Vec<Value>>,
    /// Whether no later rule is looked at when it fires.
    pub stop: Option<bool>,
    /// The edition that the changes are of; without it whatever is stored is changed.
    #[serde(default)]
    pub edition: Option<String>,
}

/// Puts all of them into another order.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct OrderRules {
    /// Their ids, each once.
    pub ids: Vec<String>,
}

/// Deletes one; its history stays.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteRule {
    /// Which.
    pub id: String,
}

/// What is told of a conversation that there is not, to try a rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct RuleSample {
    /// What the visitor wrote last.
    #[serde(default)]
    pub text: Option<String>,
    /// For how many seconds the visitor has been waiting.
    #[serde(default)]
    pub waited_s: Option<i64>,
    /// The rating, 1 to 5.
    #[serde(default)]
    pub rating: Option<i64>,
    /// Its tags; the last one is the one that is put on.
    #[serde(default)]
    pub tags: Vec<String>,
    /// `low`, `normal`, `high` or `urgent`.
    #[serde(default)]
    pub priority: Option<String>,
    /// The team in whose queue it is.
    #[serde(default)]
    pub team: Option<String>,
    /// The visitor's name.
    #[serde(default)]
    pub name: Option<String>,
    /// The visitor's e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// The page that the visitor is on.
    #[serde(default)]
    pub page: Option<String>,
}

/// Says what would become of a rule that need not be stored; nothing is done.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TryRule {
    /// It; whether it is on makes no difference.
    pub rule: RuleDraft,
    /// In this conversation, as it is now.
    pub conversation: Option<String>,
    /// Or in one that there is not.
    pub sample: Option<RuleSample>,
}

/// What became of rules, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListRuleRuns {
    /// Of this rule only.
    pub rule: Option<String>,
    /// In this conversation only.
    pub conversation: Option<String>,
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// One by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneRule {
    /// The rule.
    pub rule: view::Rule,
}

/// What would become of a rule.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct TriedRule {
    /// Whether it would fire.
    pub fires: bool,
    /// Why, or why not, in words.
    pub why: String,
    /// Its conditions, where they were looked at.
    pub checks: Vec<view::RuleCheck>,
    /// What would be done, and what not; texts as the visitor would read them.
    pub steps: Vec<view::RuleStep>,
}

call! {
    ListRules => "qry.rules", ADMIN, view::Page<view::Rule>;
    AddRule => "cmd.add_rule", ADMIN, OneRule;
    PatchRule => "cmd.patch_rule", ADMIN, OneRule;
    OrderRules => "cmd.order_rules", ADMIN, view::Page<view::Rule>;
    DeleteRule => "cmd.delete_rule", ADMIN, ();
    TryRule => "qry.try_rule", ADMIN, TriedRule;
    ListRuleRuns => "qry.rule_runs", ADMIN, view::Page<view::RuleRun>;
}
