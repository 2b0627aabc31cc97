//! The index of what is published: made when it is first asked, kept until something that is published changes. Every
//! dbmgr has its own; the revision in the database says whether it is still the right one, so none is ever told.

use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::run::transact;
use crate::shared::Shared;
use std::sync::{Arc, PoisonError, RwLock};
use switchboard_domain::retrieval::{Document, Index};
use switchboard_storage::article;
use switchboard_wire::Failure;
use switchboard_wire::call::Access;
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

/// What a transaction sees of the index.
enum Seen {
    /// It is kept already.
    Kept(Kept),
    /// It is to be made: of this revision, of these if they were read.
    Revision(String, Vec<Document>),
}

/// The index of what is published now, and its revision, for whoever `by` turns out to be if `call` allows it. What it is made
/// of is read in a transaction; it is made behind it, so that no connection waits for that.
pub(crate) async fn index(
    shared: &Arc<Shared>,
    by: &Authority,
    call: (&'static str, Access),
) -> Result<Kept, Failure> {
    let library = &shared.library;
    let look = |all: bool| {
        transact(shared, by, call, Mode::Read, move |_, cx| Box::pin(async move { seen(cx, all).await }))
    };
    if let Seen::Kept(kept) = look(false).await? {
        return Ok(kept);
    }
    let _making = library.making.acquire().await.map_err(|_| Failure::unavailable("the house is closing"))?;
    let (revision, documents) = match look(true).await? {
        Seen::Kept(kept) => return Ok(kept),
        Seen::Revision(revision, documents) => (revision, documents),
    };
    let made = tokio::task::spawn_blocking(move || Index::new(documents));
    let made = made.await.map_err(|_| Failure::unavailable("the articles could not be read; try again"))?;
    let kept = (Arc::new(made), revision);
    // A reader outside a transaction may have read articles that are newer than the revision: then the revision is an
    // old one, and the next question makes the index again.
    *library.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept.clone());
    Ok(kept)
}

/// The index if it is kept, or its revision; with `all` what it is made of as well.
async fn seen(cx: &mut Cx, all: bool) -> Outcome<Seen> {
    let revision = article::revision(&mut cx.tx).await?;
    if let Some(kept) = cx.shared.library.of(&revision) {
        return Ok(Seen::Kept(kept));
    }
    let documents = if all { published(cx).await? } else { Vec::new() };
    Ok(Seen::Revision(revision, documents))
}

/// All articles that visitors may find, piece by piece.
async fn published(cx: &mut Cx) -> Outcome<Vec<Document>> {
    let mut documents: Vec<Document> = Vec::new();
    let mut last = String::new();
    loop {
        let rows = article::all_published(&mut cx.tx, &last, PIECE).await?;
        let Some(end) = rows.last() else { return Ok(documents) };
        last = end.id.to_string();
        documents.extend(rows.into_iter().map(|row| Document {
            slug: row.content.slug,
            title: row.content.title,
            keywords: row.content.keywords,
            body: row.content.body,
            language: row.content.language,
        }));
    }
}
