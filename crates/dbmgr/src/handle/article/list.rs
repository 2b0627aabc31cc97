//! Articles by title.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::ArticleId;
use switchboard_domain::article::TITLE_CHARS;
use switchboard_storage::article::{self, Article};
use switchboard_wire::call::article::ListArticles;
use switchboard_wire::view::{self, Page};

impl Handle for ListArticles {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<view::Article>> {
        let after = self.cursor.as_deref().map(|cursor| place(cursor).ok_or_else(page::bad_cursor));
        let after = after.transpose()?;
        let q: String = self.q.as_deref().unwrap_or_default().trim().chars().take(TITLE_CHARS).collect();
        let limit = page::limit(self.limit);
        let after = after.as_ref().map(|(id, title)| (*title, id));
        let rows = article::list(&mut cx.tx, &q, after, limit + 1).await?;
        Ok(page::of(rows, limit, |row: &Article| format!("{} {}", row.id, row.content.title), show))
    }
}

/// Behind which one a page begins.
fn place(cursor: &str) -> Option<(ArticleId, &str)> {
    let (id, title) = cursor.split_once(' ')?;
    Some((id.parse().ok()?, title))
}
