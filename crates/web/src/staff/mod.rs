//! What staff do over HTTP, a verb a file. Who may do it is the call's own to say, where it commits.

pub(crate) mod add_account;
pub(crate) mod add_team;
pub(crate) mod change_password;
pub(crate) mod claim;
pub(crate) mod get_conversation;
pub(crate) mod get_directory;
pub(crate) mod get_entries;
pub(crate) mod get_presence;
pub(crate) mod get_session;
pub(crate) mod list_accounts;
pub(crate) mod list_audit;
pub(crate) mod list_automations;
pub(crate) mod list_conversations;
pub(crate) mod list_sessions;
pub(crate) mod list_teams;
pub(crate) mod patch_account;
pub(crate) mod patch_automation;
pub(crate) mod patch_team;
pub(crate) mod put_presence;
pub(crate) mod reopen;
pub(crate) mod reset_password;
pub(crate) mod resolve;
pub(crate) mod revoke_session;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod snooze;
pub(crate) mod transfer;
pub(crate) mod write;

use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

/// Which page of a list.
#[derive(Deserialize, IntoParams)]
pub(crate) struct Paging {
    /// At most so many; 200 is the most.
    pub(crate) limit: Option<i64>,
    /// Where the page begins: `next` of the page before.
    pub(crate) cursor: Option<String>,
}

/// Which entries.
#[derive(Deserialize, IntoParams)]
pub(crate) struct EntriesQuery {
    /// Those after this `seq`, oldest first.
    pub(crate) after: Option<i64>,
    /// The last ones before this `seq`, in ascending order.
    pub(crate) before: Option<i64>,
    /// At most so many; 200 is the most.
    pub(crate) limit: Option<i64>,
}

/// As of which state.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FenceBody {
    /// The conversation's fence as last seen; an older one than the present is refused (409).
    pub(crate) fence: i64,
}
