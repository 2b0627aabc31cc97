//! `GET /visitors/{id}/export`

use crate::http::body::{Name, Reply, ok};
use crate::http::problem::{Answer, Refused};
use crate::http::speaker::Staff;
use crate::limits::EXPORT_BYTES;
use http::HeaderName;
use http::header::CONTENT_DISPOSITION;
use switchboard_wire::Problem;
use switchboard_wire::call::guest::ExportVisitor;
use switchboard_wire::view::{ExportedConversation, ExportedVisitor};

/// The file, put together from parts that fit into a message of the bus.
pub(crate) async fn export_visitor(
    staff: Staff,
    Name(id): Name,
) -> Answer<([(HeaderName, String); 1], Reply<ExportedVisitor>)> {
    let first = staff.ask(ExportVisitor { id: id.clone(), cursor: None }).await?;
    let mut whole =
        ExportedVisitor { exported_at: first.at, visitor: first.visitor, conversations: Vec::new() };
    let mut bytes = 0;
    let (mut conversations, mut next) = (first.conversations, first.next);
    loop {
        for one in conversations {
            bytes += one.entries.iter().map(|entry| entry.get().len()).sum::<usize>();
            add(&mut whole.conversations, one);
        }
        if bytes > EXPORT_BYTES {
            let detail = "there is more of this visitor than fits into one file; read it from the database";
            return Err(Refused::new(Problem::TooLarge, detail));
        }
        let Some(cursor) = next else { break };
        let part = staff.ask(ExportVisitor { id: id.clone(), cursor: Some(cursor) }).await?;
        (conversations, next) = (part.conversations, part.next);
    }
    let name = format!("attachment; filename=\"visitor-{}.json\"", whole.visitor.id);
    Ok(([(CONTENT_DISPOSITION, name)], ok(whole)))
}

/// Adds a conversation, or what comes next of the one before.
fn add(all: &mut Vec<ExportedConversation>, one: ExportedConversation) {
    match all.last_mut().filter(|last| last.conversation.id == one.conversation.id) {
        Some(last) => last.entries.extend(one.entries),
        None => all.push(one),
    }
}
