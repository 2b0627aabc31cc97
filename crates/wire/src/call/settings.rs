//! Settings of the installation.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// The settings as they are.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSettings {}

/// Puts these in the place of those.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutSettings {
    /// All of them.
    pub settings: view::Settings,
}

call! {
    GetSettings => "qry.settings", ADMIN, view::Settings;
    PutSettings => "cmd.put_settings", ADMIN, view::Settings;
}
