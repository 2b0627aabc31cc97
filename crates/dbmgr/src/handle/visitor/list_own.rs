//! The own conversations, newest activity first.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::handle::conversation::{cursor, read_cursor};
use crate::page;
use crate::run::Handle;
use switchboard_storage::conversation;
use switchboard_wire::call::visitor::ListOwnConversations;
use switchboard_wire::view::{Conversation, Page};

impl Handle for ListOwnConversations {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Conversation>> {
        let visitor = actor.visitor()?;
        let after = self.cursor.as_deref().map(read_cursor).transpose()?;
        let limit = page::limit(self.limit);
        let rows = conversation::of_visitor(&mut cx.tx, &visitor.id, after.as_ref(), limit + 1).await?;
        let mut shown = Vec::with_capacity(rows.len());
        for row in rows {
            let view = act::shown(cx, &row.conversation, &Party::Visitor(visitor)).await?;
            shown.push((cursor(&row.conversation), view));
        }
        Ok(page::of(shown, limit, |row| row.0.clone(), |row| row.1.clone()))
    }
}
