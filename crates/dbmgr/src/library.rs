//! The index of what is published: made when it is first asked, kept until something that is published changes. Every
//! dbmgr has its own; the revision in the database says whether it is still the right one, so none is ever told.

use crate::cx::Cx;
use crate::halt::Outcome;
use std::sync::{Arc, PoisonError, RwLock};
use switchboard_domain::retrieval::{Document, Index};
use switchboard_storage::article;
use switchboard_wire::Failure;
use tokio::sync::Semaphore;

/// Articles that are read at a time, each of at most 48 KiB.
const PIECE: i64 = 50;

/// The index and the revision that it is of.
type Kept = (Arc<Index>, String);

/// What is kept.
#[derive(Debug)]
pub(crate) struct Library {
    kept: RwLock<Option<Kept>>,
    /// One makes it, others wait for that one.
    making: Semaphore,
}

impl Default for Library {
    fn default() -> Self {
        Self { kept: RwLock::default(), making: Semaphore::new(1) }
    }
}

impl Library {
    fn of(&self, revision: &str) -> Option<Kept> {
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(_, of)| of == revision).cloned()
    }
}

/// The index of what this transaction sees published, and its revision.
pub(crate) async fn index(cx: &mut Cx) -> Outcome<Kept> {
    let shared = Arc::clone(&cx.shared);
    let library = &shared.library;
    let revision = article::revision(&mut cx.tx).await?;
    if let Some(kept) = library.of(&revision) {
        return Ok(kept);
    }
    let _making = library.making.acquire().await.map_err(|_| Failure::unavailable("the house is closing"))?;
    if let Some(kept) = library.of(&revision) {
        return Ok(kept);
    }
    let mut documents: Vec<Document> = Vec::new();
    let mut last = String::new();
    loop {
        let rows = article::all_published(&mut cx.tx, &last, PIECE).await?;
        let Some(end) = rows.last() else { break };
        last = end.id.to_string();
        documents.extend(rows.into_iter().map(|row| Document {
            slug: row.content.slug,
            title: row.content.title,
            keywords: row.content.keywords,
            body: row.content.body,
            language: row.content.language,
        }));
    }
    let made = tokio::task::spawn_blocking(move || Index::new(documents));
    let made = made.await.map_err(|_| Failure::unavailable("the articles could not be read; try again"))?;
    let kept = (Arc::new(made), revision);
    // A reader outside a transaction may have read articles that are newer than the revision: then the revision is an
    // old one, and the next question makes the index again.
    *library.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
    Ok(kept)
}
