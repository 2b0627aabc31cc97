//! A conversation as a text to download, piece by piece.

use crate::http::attachment::{Attachment, Piece, TEXT};
use crate::http::problem::Answer;
use crate::limits::{TRANSCRIPT_ENTRIES, TRANSCRIPT_PAGE};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::sync::Arc;
use switchboard_domain::report::Zone;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::GetEntries;
use switchboard_wire::transcript::{Words, head, line};
use switchboard_wire::view::{Conversation, Entry, Page};
use utoipa::IntoParams;

/// How it is written.
#[derive(Deserialize, IntoParams)]
pub(crate) struct ZoneQuery {
    /// The time zone in which times are written, such as `Europe/Berlin`; UTC when absent.
    zone: Option<String>,
    /// The language of what stands around the messages, such as `de-AT`; English when absent or not known.
    locale: Option<String>,
}

impl ZoneQuery {
    /// The zone, if there is one of this name.
    pub(crate) fn zone(&self) -> Answer<Zone> {
        Ok(Zone::named(self.zone.as_deref()).map_err(|bad| Failure::invalid(bad.field(), &bad))?)
    }

    /// The words around the messages.
    pub(crate) fn words(&self) -> &'static Words {
        Words::of(self.locale.as_deref())
    }
}

/// The transcript of `c` in these words; `ask` gives its entries, which are those that its reader may see.
pub(crate) async fn of<A, F>(c: Conversation, zone: Zone, words: &'static Words, ask: A) -> Answer<Attachment>
where
    A: Fn(GetEntries) -> F + Send + Sync + 'static,
    F: Future<Output = Answer<Page<Box<RawValue>>>> + Send,
{
    let source = Arc::new((c.id.clone(), zone, words, ask));
    let name = format!("conversation-{}.txt", c.id);
    let (lines, next) = piece(&source, (0, 0)).await?;
    let head = head(&c, &source.1, words);
    let more = move |place| {
        let source = Arc::clone(&source);
        async move { piece(&source, place).await }
    };
    Ok(Attachment::new(TEXT, name, (head + &lines, next), more))
}

/// Where a piece begins: behind which `seq`, and how many entries there were before.
type Place = (i64, usize);

async fn piece<A, F>(
    source: &(String, Zone, &'static Words, A),
    (after, before): Place,
) -> Answer<Piece<Place>>
where
    A: Fn(GetEntries) -> F,
    F: Future<Output = Answer<Page<Box<RawValue>>>>,
{
    let (id, zone, words, ask) = source;
    let call = GetEntries { id: id.clone(), after: Some(after), before: None, limit: Some(TRANSCRIPT_PAGE) };
    let page = ask(call).await?;
    let count = before + page.items.len();
    let entries = page.items.iter().filter_map(|entry| serde_json::from_str::<Entry>(entry.get()).ok());
    let mut text: String = entries.filter_map(|entry| line(&entry, zone, words)).collect();
    let next = page.next.and_then(|next| next.parse().ok());
    if next.is_some() && count >= TRANSCRIPT_ENTRIES {
        text.push_str(&format!("… {}\n", words.goes_on));
        return Ok((text, None));
    }
    Ok((text, next.map(|seq| (seq, count))))
}
