//! Articles, and whether they have helped.

use crate::error::{Error, Result};
use crate::meta;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{args, is_plain};
use sqlx::AssertSqlSafe;
use switchboard_domain::article::Content;
use switchboard_domain::{ArticleId, ConversationId, Millis, Rng};

/// The name of a value that changes whenever something that is published does.
const REVISION: &str = "articles";

/// An answer that is written down once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// Its id.
    pub id: ArticleId,
    /// What it says.
    pub content: Content,
    /// Rises with every change.
    pub version: i64,
    /// How many conversations it has helped.
    pub helpful: i64,
    /// How many it has not.
    pub unhelpful: i64,
    /// Who changed it last.
    pub updated_by: String,
    /// When it was made.
    pub created_at: Millis,
    /// When it was last changed.
    pub updated_at: Millis,
}

macro_rules! columns {
    ($body:literal) => {
        concat!(
            "id, slug, title, ",
            $body,
            ", language, keywords, published, version, helpful, unhelpful, updated_by, created_at, updated_at"
        )
    };
}

fn read(row: &mut Row<'_>) -> Result<Article> {
    let id = row.parse()?;
    let (slug, title, body, language) = (row.text()?, row.text()?, row.text()?, row.text()?);
    let keywords = row.str()?;
    let keywords = serde_json::from_str(keywords).map_err(|_| Error::spoilt("keywords", keywords))?;
    let published = row.flag()?;
    Ok(Article {
        id,
        content: Content { slug, title, body, language, keywords, published },
        version: row.int()?,
        helpful: row.int()?,
        unhelpful: row.int()?,
        updated_by: row.text()?,
        created_at: row.int()?,
        updated_at: row.int()?,
    })
}

/// The one of this id.
pub async fn get(tx: &mut Tx, id: &ArticleId) -> Result<Option<Article>> {
    tx.first(concat!("SELECT ", columns!("body"), " FROM articles WHERE id = ?"), args![id], read).await
}

/// The published one of this slug.
pub async fn published(tx: &mut Tx, slug: &str) -> Result<Option<Article>> {
    if !is_plain(slug) {
        return Ok(None);
    }
    let sql = concat!("SELECT ", columns!("body"), " FROM articles WHERE slug = ? AND published = 1");
    tx.first(sql, args![slug], read).await
}

/// By title and id, without their texts, from the one after `after`; only those with `q` in title, slug or keywords.
pub async fn list(
    tx: &mut Tx,
    q: &str,
    after: Option<(&str, &ArticleId)>,
    limit: i64,
) -> Result<Vec<Article>> {
    let (title, id) = after.map_or(("", ""), |(title, id)| (title, id.as_str()));
    let pattern = containing(q);
    let sql = concat!(
        "SELECT ",
        columns!("''"),
        " FROM articles WHERE search_key LIKE ? ESCAPE '!' AND (title > ? OR (title = ? AND id > ?)) \
         ORDER BY title, id LIMIT ?"
    );
    tx.list(sql, args![&pattern, title, title, id, limit], read).await
}

/// What `LIKE` finds this text with, wherever it stands.
fn containing(q: &str) -> String {
    let mut pattern = String::from("%");
    for c in q.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(c);
    }
    pattern + "%"
}

/// Published ones by id with their texts, from the one after `after`.
pub async fn all_published(tx: &mut Tx, after: &str, limit: i64) -> Result<Vec<Article>> {
    let sql = concat!(
        "SELECT ",
        columns!("body"),
        " FROM articles WHERE published = 1 AND id > ? ORDER BY id LIMIT ?"
    );
    tx.list(sql, args![after, limit], read).await
}

/// Slug, title and language of those that are published, by title.
pub async fn titles(tx: &mut Tx, limit: i64) -> Result<Vec<[String; 3]>> {
    let sql = "SELECT slug, title, language FROM articles WHERE published = 1 ORDER BY title, id LIMIT ?";
    tx.list(sql, args![limit], |row| Ok([row.text()?, row.text()?, row.text()?])).await
}

/// Whether anything is published.
pub async fn any_published(tx: &mut Tx) -> Result<bool> {
    Ok(revision(tx).await?.starts_with('+'))
}

/// How many there are.
pub async fn count(tx: &mut Tx) -> Result<i64> {
    Ok(tx.first("SELECT COUNT(*) FROM articles", &[], |row| row.int()).await?.unwrap_or_default())
}

fn search_key(content: &Content) -> String {
    format!("{}\n{}\n{}", content.title, content.slug, content.keywords.join("\n")).to_lowercase()
}

/// Adds one.
///
/// # Errors
/// [`Error::Conflict`] with [`crate::Unique::Slug`] when there is one of this slug.
pub async fn insert(tx: &mut Tx, article: &Article) -> Result<()> {
    let Article { id, content, version, helpful, unhelpful, updated_by, created_at, updated_at } = article;
    let Content { slug, title, body, language, keywords, published } = content;
    let keywords = serde_json::json!(keywords).to_string();
    let sql = concat!(
        "INSERT INTO articles (",
        columns!("body"),
        ", search_key) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
    );
    let key = search_key(content);
    let values = args![
        id,
        slug,
        title,
        body,
        language,
        &keywords,
        *published,
        *version,
        *helpful,
        *unhelpful,
        updated_by,
        *created_at,
        *updated_at,
        &key
    ];
    tx.exec(sql, values).await.map(drop)
}

/// Writes what it says, if it is still of the version before; answers whether it was.
///
/// # Errors
/// As [`insert`].
pub async fn update(tx: &mut Tx, article: &Article) -> Result<bool> {
    let Article { id, content, version, updated_by, updated_at, .. } = article;
    let Content { slug, title, body, language, keywords, published } = content;
    let keywords = serde_json::json!(keywords).to_string();
    let key = search_key(content);
    let sql = "UPDATE articles SET slug = ?, title = ?, body = ?, language = ?, keywords = ?, search_key = ?, \
               published = ?, version = ?, updated_by = ?, updated_at = ? WHERE id = ? AND version = ?";
    let values = args![
        slug,
        title,
        body,
        language,
        &keywords,
        &key,
        *published,
        *version,
        updated_by,
        *updated_at,
        id,
        *version - 1
    ];
    Ok(tx.exec(sql, values).await? > 0)
}

/// Deletes one, with what was said of it; answers whether it was there.
pub async fn delete(tx: &mut Tx, id: &ArticleId) -> Result<bool> {
    tx.exec("DELETE FROM article_votes WHERE article_id = ?", args![id]).await?;
    Ok(tx.exec("DELETE FROM articles WHERE id = ?", args![id]).await? > 0)
}

/// Counts whether it has helped in this conversation; a later word takes the place of an earlier one.
pub async fn rate(tx: &mut Tx, id: &ArticleId, conversation: &ConversationId, helpful: bool) -> Result<()> {
    // Whoever counts locks the article first, so that two at a time do not both find no earlier word.
    tx.exec("UPDATE articles SET helpful = helpful + 0 WHERE id = ?", args![id]).await?;
    let sql = "SELECT helpful FROM article_votes WHERE article_id = ? AND conversation_id = ?";
    let before = tx.first(sql, args![id, conversation], |row| row.flag()).await?;
    if before == Some(helpful) {
        return Ok(());
    }
    let one = |yes: bool| i64::from(before != Some(yes) && helpful == yes) - i64::from(before == Some(yes));
    let sql = "UPDATE articles SET helpful = helpful + ?, unhelpful = unhelpful + ? WHERE id = ?";
    tx.exec(sql, args![one(true), one(false), id]).await?;
    let upsert = tx.dialect().upsert("article_id, conversation_id", &["helpful"]);
    let sql =
        format!("INSERT INTO article_votes (article_id, conversation_id, helpful) VALUES (?, ?, ?){upsert}");
    tx.exec(AssertSqlSafe(sql), args![id, conversation, helpful]).await.map(drop)
}

/// Which state of what is published it is; `+` at its beginning says that there is something.
pub async fn revision(tx: &mut Tx) -> Result<String> {
    Ok(meta::get(tx, REVISION).await?.unwrap_or_default())
}

/// Says that something that is or was published has changed.
pub async fn changed(tx: &mut Tx, rng: &dyn Rng) -> Result<()> {
    let any = !titles(tx, 1).await?.is_empty();
    let sign = if any { '+' } else { '-' };
    meta::set(tx, REVISION, &format!("{sign}{:032x}", rng.u128())).await
}
