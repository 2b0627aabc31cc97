//! Teams.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// All teams, by name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListTeams {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Makes a team.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddTeam {
    /// Its name.
    pub name: String,
    /// Seconds for the first answer; 60 when absent.
    pub answer_s: Option<i64>,
    /// How it works; always there, and on its own, when absent.
    #[serde(default)]
    pub rules: Option<view::TeamRules>,
}

/// Changes a team; absent fields stay.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PatchTeam {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// Seconds for the first answer.
    pub answer_s: Option<i64>,
    /// How it works, replaced as a whole.
    #[serde(default)]
    pub rules: Option<view::TeamRules>,
}

/// Deletes a team. What it has goes to the team that helps it out, or is everybody's.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteTeam {
    /// Which.
    pub id: String,
}

/// A team by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneTeam {
    /// The team.
    pub team: view::Team,
}

call! {
    ListTeams => "qry.teams", ADMIN, view::Page<view::Team>;
    AddTeam => "cmd.add_team", ADMIN, OneTeam;
    PatchTeam => "cmd.patch_team", ADMIN, OneTeam;
    DeleteTeam => "cmd.delete_team", ADMIN, ();
}
