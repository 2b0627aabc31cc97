//! Entries in `seq` order, as the reader may see them. The cursor of a page is the place from which the same
//! direction goes on.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use serde_json::value::RawValue;
use switchboard_storage::entry::{self, Reader};
use switchboard_wire::call::conversation::GetEntries;
use switchboard_wire::view::{Audience, Line, Page};
use switchboard_wire::{Failure, Problem};

impl Handle for GetEntries {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Box<RawValue>>> {
        let party = actor.party()?;
        if self.after.is_some() && self.before.is_some() {
            return Err(Failure::new(Problem::BadRequest, "give after or before, not both").into());
        }
        let c = act::load_for(cx, &self.id, &party).await?;
        let reader = reader(act::audience(&party));
        let limit = page::limit(self.limit);
        let (id, room) = (&c.id, limit + 1);
        let page = match self.before {
            None => {
                let rows = entry::after(&mut cx.tx, id, self.after.unwrap_or(0), reader, room).await?;
                let lines: Vec<Line> = rows.iter().map(Line::of).collect();
                cut(lines, limit)
            }
            Some(before) => {
                let rows = entry::before(&mut cx.tx, id, before, reader, room).await?;
                // Those closest to the place are kept when not all fit.
                let mut page = cut(rows.iter().rev().map(Line::of).collect(), limit);
                page.items.reverse();
                page
            }
        };
        Ok(page)
    }
}

/// Which side of a log somebody reads.
pub(in crate::handle) fn reader(audience: Audience) -> Reader {
    match audience {
        Audience::Staff => Reader::Staff,
        Audience::Visitor => Reader::Visitor,
    }
}

/// At most `limit` lines, and as many as fit; where to go on when there are more.
fn cut(mut lines: Vec<Line>, limit: i64) -> Page<Box<RawValue>> {
    let asked = usize::try_from(limit).unwrap_or_default();
    let fit = page::fitting(lines.iter().take(asked).map(|line| line.entry.get().len()));
    let more = lines.len() > fit;
    lines.truncate(fit);
    let next = lines.last().filter(|_| more).map(|line| line.seq.to_string());
    Page { items: lines.into_iter().map(|line| line.entry).collect(), next }
}
