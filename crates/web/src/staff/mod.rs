//! What staff do over HTTP, a verb a file. Who may do it is the call's own to say, where it commits.

pub(crate) mod add_account;
pub(crate) mod add_article;
pub(crate) mod add_ban;
pub(crate) mod add_canned;
pub(crate) mod add_file;
pub(crate) mod add_guide;
pub(crate) mod add_hook;
pub(crate) mod add_identity_key;
pub(crate) mod add_rule;
pub(crate) mod add_team;
pub(crate) mod add_view;
pub(crate) mod add_webhook;
pub(crate) mod assist;
pub(crate) mod ban_visitor;
pub(crate) mod change_password;
pub(crate) mod claim;
pub(crate) mod delete_article;
pub(crate) mod delete_canned;
pub(crate) mod delete_guide;
pub(crate) mod delete_hook;
pub(crate) mod delete_rule;
pub(crate) mod delete_team;
pub(crate) mod delete_view;
pub(crate) mod delete_webhook;
pub(crate) mod erase_visitor;
pub(crate) mod export_conversations;
pub(crate) mod export_visitor;
pub(crate) mod find_visitors;
pub(crate) mod get_article;
pub(crate) mod get_conversation;
pub(crate) mod get_directory;
pub(crate) mod get_entries;
pub(crate) mod get_file;
pub(crate) mod get_guide;
pub(crate) mod get_presence;
pub(crate) mod get_report;
pub(crate) mod get_session;
pub(crate) mod get_settings;
pub(crate) mod get_system;
pub(crate) mod get_transcript;
pub(crate) mod lift_ban;
pub(crate) mod list_accounts;
pub(crate) mod list_articles;
pub(crate) mod list_audit;
pub(crate) mod list_automations;
pub(crate) mod list_bans;
pub(crate) mod list_canned;
pub(crate) mod list_conversations;
pub(crate) mod list_guides;
pub(crate) mod list_held;
pub(crate) mod list_identity_keys;
pub(crate) mod list_mails;
pub(crate) mod list_mentions;
pub(crate) mod list_rule_runs;
pub(crate) mod list_rules;
pub(crate) mod list_sessions;
pub(crate) mod list_teams;
pub(crate) mod list_views;
pub(crate) mod list_webhook_deliveries;
pub(crate) mod list_webhooks;
pub(crate) mod merge_here;
pub(crate) mod merge_visitors;
pub(crate) mod order_rules;
pub(crate) mod patch_account;
pub(crate) mod patch_article;
pub(crate) mod patch_automation;
pub(crate) mod patch_canned;
pub(crate) mod patch_guide;
pub(crate) mod patch_hook;
pub(crate) mod patch_rule;
pub(crate) mod patch_team;
pub(crate) mod patch_view;
pub(crate) mod patch_webhook;
pub(crate) mod prioritise;
pub(crate) mod publish_guide;
pub(crate) mod put_draft;
pub(crate) mod put_presence;
pub(crate) mod put_settings;
pub(crate) mod read_mentions;
pub(crate) mod reopen;
pub(crate) mod replay_webhook;
pub(crate) mod reset_password;
pub(crate) mod resolve;
pub(crate) mod revoke_identity_key;
pub(crate) mod revoke_session;
pub(crate) mod rotate_hook;
pub(crate) mod rotate_webhook;
pub(crate) mod search;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
pub(crate) mod snooze;
pub(crate) mod tag;
pub(crate) mod test_webhook;
pub(crate) mod transfer;
pub(crate) mod try_articles;
pub(crate) mod try_guide;
pub(crate) mod try_hook;
pub(crate) mod try_rule;
pub(crate) mod watch;
pub(crate) mod whisper;
pub(crate) mod write;

use crate::http::cursor::{bad_cursor, opened};
use crate::http::problem::Answer;
use serde::Deserialize;
use switchboard_wire::call::conversation::GetEntries;
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
    /// Where the page begins: `next` of the page before; it goes on in the same direction, wherever that began.
    pub(crate) cursor: Option<String>,
}

/// The kinds of lists of entries; a cursor goes on in its own direction.
const FORWARDS: &str = "entries after";
const BACKWARDS: &str = "entries before";

impl EntriesQuery {
    /// The call, and the kind of list that its page is one of.
    pub(crate) fn call(self, id: String) -> Answer<(GetEntries, &'static str)> {
        let Self { mut after, mut before, limit, cursor } = self;
        if let Some(cursor) = cursor {
            let place = |list| opened(list, Some(cursor.clone())).ok().flatten()?.parse().ok();
            (after, before) = (place(FORWARDS), place(BACKWARDS));
            if after.is_none() && before.is_none() {
                return Err(bad_cursor());
            }
        }
        let way = if before.is_some() { BACKWARDS } else { FORWARDS };
        Ok((GetEntries { id, after, before, limit }, way))
    }
}

/// As of which state.
#[derive(Deserialize, ToSchema)]
pub(crate) struct FenceBody {
    /// The conversation's fence as last seen; an older one than the present is refused (409).
    pub(crate) fence: i64,
}
