//! What the edge asks for its sockets.

mod cut_off;
mod fit;
mod follow;
mod get_lines;
mod get_previews;
mod get_states;
mod get_summaries;
mod greet;
mod greet_many;
mod leases;
mod mark_read;
mod missed;
mod ping;
mod touch_sessions;

use crate::halt::Outcome;
use crate::limits::BULK_IDS;
use crate::page;
use switchboard_domain::ConversationId;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_storage::entry::{self, Reader};
use switchboard_storage::{Error, Tx};
use switchboard_wire::view::Line;
use switchboard_wire::{Failure, Problem};

/// The ids of a question about many; what is no id is left out, as what does not exist is.
fn ids(texts: &[String]) -> Outcome<Vec<ConversationId>> {
    if texts.len() > BULK_IDS {
        let detail = format!("ask for at most {BULK_IDS} at a time");
        return Err(Failure::new(Problem::TooLarge, detail).into());
    }
    Ok(texts.iter().filter_map(|text| text.parse().ok()).collect())
}

/// The lines after a place, as many as make a page, and whether there are more.
async fn lines_after(
    tx: &mut Tx,
    id: &ConversationId,
    after: i64,
    reader: Reader,
) -> Result<(Vec<Line>, bool), Error> {
    let rows = entry::after(tx, id, after, reader, PAGE_ITEMS + 1).await?;
    let mut lines: Vec<Line> = rows.iter().map(Line::of).collect();
    let asked = usize::try_from(PAGE_ITEMS).unwrap_or_default();
    let fit = page::fitting(lines.iter().take(asked).map(|line| line.entry.get().len()));
    let more = lines.len() > fit;
    lines.truncate(fit);
    Ok((lines, more))
}
