//! All that is stored of a visitor, in parts that fit into a message of the bus.

use super::show;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::limits::{PAGE_BYTES, PAGE_ITEMS};
use switchboard_domain::{Conversation, ConversationId, VisitorId};
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{conversation, visitor};
use switchboard_wire::Failure;
use switchboard_wire::call::guest::{ExportPart, ExportVisitor};
use switchboard_wire::view::{ExportedConversation, Line, State};

impl Handle for ExportVisitor {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<ExportPart> {
        let staff = actor.staff()?;
        let unknown = || Failure::not_found("visitor");
        let id: VisitorId = self.id.parse().map_err(|_| unknown())?;
        let row = visitor::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
        let place = self.cursor.as_deref().map(|cursor| place(cursor).ok_or_else(page::bad_cursor));
        let place = place.transpose()?;
        if place.is_none() {
            // Whom it is about says the id; nothing else of the visitor is kept there.
            let report = Report::by(staff, "visitor.exported");
            report.about("visitor", Some(id.as_str()), "").write(cx).await?;
        }
        let now = cx.now;
        let mut part = ExportPart {
            at: rfc3339(now),
            visitor: show(&mut cx.tx, row, now).await?,
            conversations: Vec::new(),
            next: None,
        };
        let (from, mut after) = place.map_or((None, 0), |(id, after)| (Some(id), after));
        let all = conversation::ids_of_visitor(&mut cx.tx, &id, from.as_ref(), PAGE_ITEMS).await?;
        let mut room = Room(PAGE_BYTES);
        for id in &all {
            if !room.takes(CONVERSATION_BYTES) {
                part.next = Some(format!("{id} {after}"));
                break;
            }
            let Some(c) = conversation::get(&mut cx.tx, id).await? else { continue };
            let rows = entry::after(&mut cx.tx, id, after, Reader::Staff, PAGE_ITEMS).await?;
            let lines: Vec<Line> = rows.iter().map(Line::of).collect();
            let fit = lines.iter().take_while(|line| room.takes(line.entry.get().len())).count();
            after = lines.get(fit.wrapping_sub(1)).map_or(after, |line| line.seq);
            let more = fit < lines.len() || is_page(lines.len());
            part.conversations.push(exported(&c, lines.into_iter().take(fit)));
            if more {
                part.next = Some(format!("{id} {after}"));
                break;
            }
            after = 0;
        }
        if let (None, true, Some(last)) = (&part.next, is_page(all.len()), part.conversations.last()) {
            // There may be more; the last one comes once more, without what is given already.
            let id = &last.conversation.id;
            part.next = Some(format!("{id} {}", last.conversation.head));
        }
        Ok(part)
    }
}

/// About how many bytes a conversation takes beside its entries.
const CONVERSATION_BYTES: usize = 1_024;

/// What still fits into a part, in bytes.
struct Room(usize);

impl Room {
    /// Whether so much fits; something always does into an empty part.
    fn takes(&mut self, bytes: usize) -> bool {
        let left = self.0.checked_sub(bytes);
        let first = self.0 >= PAGE_BYTES - CONVERSATION_BYTES;
        self.0 = left.unwrap_or(0);
        left.is_some() || first
    }
}

fn is_page(items: usize) -> bool {
    i64::try_from(items).is_ok_and(|items| items >= PAGE_ITEMS)
}

fn exported(c: &Conversation, lines: impl Iterator<Item = Line>) -> ExportedConversation {
    ExportedConversation {
        conversation: State::of(c).conversation,
        rating: c.rating,
        rating_comment: c.rating_comment.clone(),
        entries: lines.map(|line| line.entry).collect(),
    }
}

/// In which conversation, and behind which entry, a part begins.
fn place(cursor: &str) -> Option<(ConversationId, i64)> {
    let (id, seq) = cursor.split_once(' ')?;
    Some((id.parse().ok()?, seq.parse().ok()?))
}
