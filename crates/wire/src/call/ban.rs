//! Bans.

use super::call;
use crate::view;
use serde::{Deserialize, Serialize};

/// Those that are not over, newest first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ListBans {
    /// At most so many.
    pub limit: Option<i64>,
    /// Where the page begins.
    pub cursor: Option<String>,
}

/// Bans a visitor, an e-mail address or an address: one of them. One that is banned already is banned for this long from
/// now.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct AddBan {
    /// A visitor's id.
    #[serde(default)]
    pub visitor: Option<String>,
    /// An e-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// An IPv4 address, or an IPv6 address, of which its network is banned.
    #[serde(default)]
    pub address: Option<String>,
    /// For how long: `1h`, `1d`, `7d`, `30d` or `forever`.
    pub term: String,
    /// Why.
    pub reason: Option<String>,
}

/// Ends a ban before its time.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LiftBan {
    /// Which.
    pub id: String,
}

/// The agent who has a conversation bans its visitor.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BanVisitor {
    /// Of which conversation.
    pub conversation: String,
    /// For how long: `1h`, `1d`, `7d`, `30d` or `forever`.
    pub term: String,
    /// Why.
    pub reason: Option<String>,
}

/// A ban by itself.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
pub struct OneBan {
    /// The ban.
    pub ban: view::Ban,
}

call! {
    ListBans => "qry.bans", ADMIN, view::Page<view::Ban>;
    AddBan => "cmd.add_ban", ADMIN, OneBan;
    LiftBan => "cmd.lift_ban", ADMIN, ();
    BanVisitor => "cmd.ban_visitor", AGENT, OneBan;
}
