//! An agent's presence, and whom conversations can be passed to.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};
use switchboard_domain::Presence;

/// The own presence.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetPresence {}

/// Changes the own presence; offline hands conversations back to the queue.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PutPresence {
    /// The new one.
    pub status: Presence,
}

/// Whom a conversation can be passed to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetDirectory {}

/// A presence by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OnePresence {
    /// `online`, `away` or `offline`.
    #[schema(value_type = String)]
    pub status: Presence,
}

call! {
    GetPresence => "qry.presence", AGENT, OnePresence;
    PutPresence => "cmd.put_presence", AGENT, OnePresence;
    GetDirectory => "qry.directory", DESK, view::Directory;
}
