//! An agent's list: summaries, newest activity first.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::SEARCH_CHARS;
use crate::page;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::tag::tag;
use switchboard_domain::{Status, TeamId};
use switchboard_storage::conversation::{self, Narrow, Scope};
use switchboard_storage::{After, team};
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::{ListConversations, View};
use switchboard_wire::view::{Audience, Page, State, Summary};

impl Handle for ListConversations {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Summary>> {
        let agent = actor.staff()?.id();
        let after = self.cursor.as_deref().map(read_cursor).transpose()?;
        let prefix = self.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
        if prefix.is_some_and(|q| q.chars().count() > SEARCH_CHARS) {
            return Err(Failure::invalid("q", &format!("give at most {SEARCH_CHARS} characters")).into());
        }
        let text = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        let tag = text(&self.tag).map(|text| tag(&text)).transpose();
        let tag = tag.map_err(|bad| Failure::invalid("tag", &bad))?;
        // A team that cannot be is one that nobody is in.
        let Ok(team) = text(&self.team).map(|id| id.parse::<TeamId>()).transpose() else {
            return Ok(Page { items: Vec::new(), next: None });
        };
        let narrow = Narrow { tag: tag.as_deref(), team: team.as_ref(), prefix };
        let is_narrowed = tag.is_some() || team.is_some();
        let teams = team::of_account(&mut cx.tx, agent).await?;
        let view = match self.view {
            View::Mine => conversation::View::Mine,
            View::Queue => conversation::View::Queue,
            View::All => conversation::View::All,
        };
        let statuses = match self.status {
            Some(status) => vec![status],
            // What is in the queue is open.
            None if self.view == View::Queue => vec![Status::Open],
            None => vec![Status::Open, Status::Snoozed, Status::Resolved],
        };
        let limit = page::limit(self.limit);
        let mut rows = Vec::new();
        for status in statuses {
            let scope = Scope { agent, teams: &teams, view, status };
            rows.extend(match prefix {
                _ if is_narrowed => {
                    conversation::narrowed(&mut cx.tx, scope, narrow, after.as_ref(), limit + 1).await?
                }
                Some(q) => conversation::search(&mut cx.tx, scope, q, after.as_ref(), limit + 1).await?,
                None => conversation::view(&mut cx.tx, scope, after.as_ref(), limit + 1).await?,
            });
        }
        rows.sort_by(|a, b| {
            let (a, b) = (&a.conversation, &b.conversation);
            (b.updated_at, &b.id).cmp(&(a.updated_at, &a.id))
        });
        Ok(page::of(rows, limit, |row| cursor(&row.conversation), summary))
    }
}

/// A conversation as a row of an agent's list.
pub(in crate::handle) fn summary(row: &conversation::Summary) -> Summary {
    Summary {
        conversation: State::of(&row.conversation).shown_to(Audience::Staff),
        preview: row.conversation.preview.clone(),
        unread: row.unread(),
        waiting_since: row.conversation.waiting_since.map(rfc3339),
    }
}

/// Where a list by activity goes on.
pub(in crate::handle) fn cursor(c: &switchboard_domain::Conversation) -> String {
    format!("{}.{}", c.updated_at, c.id)
}

/// Reads such a place.
pub(in crate::handle) fn read_cursor(text: &str) -> Result<After, Failure> {
    let parts = text.split_once('.').ok_or_else(page::bad_cursor)?;
    let updated_at = parts.0.parse().map_err(|_| page::bad_cursor())?;
    let id = parts.1.parse().map_err(|_| page::bad_cursor())?;
    Ok(After { updated_at, id })
}
