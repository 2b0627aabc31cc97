//! Indexing what was written, behind the log: a bounded piece with each call. Entries never change but when they are
//! erased, and erasing holds the index too.

use super::text;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{INDEX_CONVERSATIONS, INDEX_ENTRIES, INDEX_WORDS};
use crate::run::Handle;
use std::collections::{BTreeMap, BTreeSet};
use switchboard_domain::ConversationId;
use switchboard_domain::message::ERASED;
use switchboard_domain::search::{Places, distinct};
use switchboard_storage::entry::{self, Reader, Span};
use switchboard_storage::search::{self, Line, Mark};
use switchboard_wire::call::router::{IndexLines, Indexed};

impl Handle for IndexLines {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Indexed> {
        // What is no id is of nothing.
        let ids: BTreeSet<ConversationId> =
            self.conversations.iter().take(INDEX_CONVERSATIONS).filter_map(|id| id.parse().ok()).collect();
        let ids: Vec<ConversationId> = ids.into_iter().collect();
        let mut next = search::lock(&mut cx.tx).await?;
        let marks = search::marks(&mut cx.tx, &ids).await?;
        let known: BTreeMap<&ConversationId, i64> =
            marks.iter().map(|mark| (&mark.conversation, mark.seq)).collect();
        let spans: Vec<Span> = ids
            .iter()
            .map(|id| Span {
                conversation: id.clone(),
                after: known.get(id).copied().unwrap_or_default(),
                upto: i64::MAX,
            })
            .collect();
        let entries = entry::spans(&mut cx.tx, &spans, Reader::Staff, INDEX_ENTRIES).await?;
        let mut is_cut = i64::try_from(entries.len()).is_ok_and(|read| read >= INDEX_ENTRIES);
        let mut lines = Vec::new();
        let mut words: BTreeMap<(i64, String), Places> = BTreeMap::new();
        let mut done: BTreeMap<&ConversationId, i64> = BTreeMap::new();
        let (mut count, mut written) = (0, 0);
        for entry in &entries {
            if written >= INDEX_WORDS {
                is_cut = true;
                break;
            }
            if let Some(text) = text(entry).filter(|text| text != ERASED) {
                let (page, place) = Places::of(next);
                for word in distinct(&text) {
                    words.entry((page, word)).or_default().insert(place);
                    written += 1;
                }
                lines.push(Line { n: next, conversation: entry.conversation.clone(), seq: entry.seq });
                next += 1;
            }
            done.insert(&entry.conversation, entry.seq);
            count += 1;
        }
        let left = match done.keys().next_back() {
            Some(last) if is_cut => ids.iter().filter(|id| id >= last).map(ToString::to_string).collect(),
            _ => Vec::new(),
        };
        let marks: Vec<Mark> = done
            .into_iter()
            .map(|(conversation, seq)| Mark { conversation: conversation.clone(), seq })
            .collect();
        if !marks.is_empty() {
            search::insert(&mut cx.tx, &lines, &words, next).await?;
            search::mark(&mut cx.tx, &marks).await?;
        }
        Ok(Indexed { entries: count, left })
    }
}
