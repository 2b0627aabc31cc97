//! Saved views.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// An agent's own and everybody's, by name; to an admin everybody's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListViews {}

/// An agent saves one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddView {
    /// Its name.
    pub name: String,
    /// `own` or `all`.
    pub scope: String,
    /// What it shows.
    pub filter: view::ViewFilter,
}

/// Whoever saved it changes it; of everybody's an admin too. Absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchView {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// What it shows.
    pub filter: Option<view::ViewFilter>,
}

/// Whoever saved it deletes it; of everybody's an admin too.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteView {
    /// Which.
    pub id: String,
}

/// A saved view by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneView {
    /// The view.
    pub view: view::SavedView,
}

call! {
    ListViews => "qry.views", DESK, view::Page<view::SavedView>;
    AddView => "cmd.add_view", AGENT, OneView;
    PatchView => "cmd.patch_view", DESK, OneView;
    DeleteView => "cmd.delete_view", DESK, ();
}
