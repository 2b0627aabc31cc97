//! Taking what is erased out of the index, while its words are still known.

use super::text;
use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::FORGOTTEN_LINES;
use std::collections::BTreeMap;
use switchboard_domain::Conversation;
use switchboard_domain::search::{Places, distinct};
use switchboard_storage::entry::{self, Reader, Span};
use switchboard_storage::search::{self, Mark};

/// Forgets a piece of a conversation, which is locked, and that anything of it is still to be indexed; answers whether
/// nothing is left. Only then may its texts be erased.
pub(crate) async fn piece(cx: &mut Cx, c: &Conversation) -> Outcome<bool> {
    search::lock(&mut cx.tx).await?;
    search::mark(&mut cx.tx, &[Mark { conversation: c.id.clone(), seq: c.head }]).await?;
    let lines = search::of_conversation(&mut cx.tx, &c.id, FORGOTTEN_LINES).await?;
    let spans: Vec<Span> = lines
        .iter()
        .map(|line| Span { conversation: c.id.clone(), after: line.seq - 1, upto: line.seq })
        .collect();
    let entries = entry::spans(&mut cx.tx, &spans, Reader::Staff, FORGOTTEN_LINES).await?;
    let texts: BTreeMap<i64, String> =
        entries.iter().filter_map(|entry| Some((entry.seq, text(entry)?))).collect();
    let mut words: BTreeMap<(i64, String), Places> = BTreeMap::new();
    for line in &lines {
        let (page, place) = Places::of(line.n);
        for word in texts.get(&line.seq).map(|text| distinct(text)).unwrap_or_default() {
            words.entry((page, word)).or_default().insert(place);
        }
    }
    search::forget(&mut cx.tx, &lines, &words).await?;
    Ok(i64::try_from(lines.len()).is_ok_and(|read| read < FORGOTTEN_LINES))
}
