//! The agent's own mentions, newest first.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::{Conversation, ConversationId, EntryId};
use switchboard_storage::{conversation, mention, team};
use switchboard_wire::call::mention::ListMentions;
use switchboard_wire::view::{self, Page};

impl Handle for ListMentions {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<view::Mention>> {
        let agent = actor.staff()?.id();
        let before: Option<EntryId> =
            self.cursor.as_deref().map(str::parse).transpose().map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let rows = mention::list(&mut cx.tx, agent, before.as_ref(), limit + 1).await?;
        let ids: Vec<ConversationId> = rows.iter().map(|row| row.mention.conversation.clone()).collect();
        let teams = team::of_account(&mut cx.tx, agent).await?;
        let seen: HashMap<ConversationId, Conversation> = conversation::get_many(&mut cx.tx, &ids)
            .await?
            .into_iter()
            .filter(|conversation| conversation.is_visible_to(agent, &teams))
            .map(|conversation| (conversation.id.clone(), conversation))
            .collect();
        let view = |row: &mention::Shown| {
            let conversation = seen.get(&row.mention.conversation)?;
            Some(show(&row.mention, row.body.as_deref(), conversation))
        };
        let page = page::of(rows, limit, |row| row.mention.entry.to_string(), view);
        Ok(Page { items: page.items.into_iter().flatten().collect(), next: page.next })
    }
}
