//! Guides.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A guide in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Guide {
    /// Its automation's name.
    pub name: String,
    /// Its automation's title.
    pub title: String,
    /// Whether its automation is active.
    pub active: bool,
    /// Goes up with every change of the draft.
    pub edition: i64,
    /// The version that new runs begin with; 0 for none.
    pub published: i64,
    /// When that was published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub published_at: Option<String>,
    /// How much is wrong with the draft.
    pub problems: usize,
    /// When it was last changed.
    pub updated_at: String,
}

/// Something to put right before a guide can be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuideProblem {
    /// The step's place, from 0; none when it concerns the guide.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<usize>,
    /// The step's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The field.
    pub field: String,
    /// What to do.
    pub text: String,
}

/// A version that was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuideVersion {
    /// Its number, from 1.
    pub version: i64,
    /// When it was published.
    pub published_at: String,
}

/// What a guide says in a dry run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GuideMessage {
    /// The text.
    pub text: String,
    /// What the visitor may press.
    pub choices: Vec<String>,
}
