//! Saved views.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What a list of conversations shows: what `GET /conversations` takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ViewFilter {
    /// `mine`, `queue` or `all`: of whoever looks.
    pub view: String,
    /// Only `open`, `snoozed` or `resolved` ones.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// Only those with this tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// Only those of the team with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// A prefix of visitor name, e-mail or conversation id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub q: Option<String>,
}

/// A list of conversations under a name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SavedView {
    /// The id.
    pub id: String,
    /// Its name, 1 to 80 characters.
    pub name: String,
    /// For whom: `own` or `all`.
    pub scope: String,
    /// What it shows.
    pub filter: ViewFilter,
    /// The account's id of the agent who saved it.
    pub by: String,
    /// That agent's name.
    pub by_name: String,
    /// When it was saved.
    pub created_at: String,
    /// When it was last changed.
    pub updated_at: String,
}
