//! The index of what was written: numbered lines, and for each page of these which of them have a word. One holds it at a
//! time, whoever has locked its next number; appends do not know it. See [`switchboard_domain::search`].

use crate::error::{Error, Result};
use crate::limits;
use crate::many;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use std::collections::BTreeMap;
use switchboard_domain::search::Places;
use switchboard_domain::{AccountId, ConversationId, TeamId};

/// The name of the next line's number.
const NEXT: &str = "search_next";

/// A line of the index: a message or a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its number; higher ones were indexed later.
    pub n: i64,
    /// Of which conversation.
    pub conversation: ConversationId,
    /// Its place there.
    pub seq: i64,
}

/// How far a conversation is indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Which.
    pub conversation: ConversationId,
    /// Up to which `seq`.
    pub seq: i64,
}

/// What a page says of a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// Which page.
    pub page: i64,
    /// The word.
    pub word: String,
    /// In which lines it stands, see [`Places`].
    pub places: String,
}

/// The number of the next line, and nobody else changes the index until the commit.
pub async fn lock(tx: &mut Tx) -> Result<i64> {
    let sql = format!("SELECT value FROM meta WHERE name = ?{}", tx.dialect().update());
    let next = tx.first(AssertSqlSafe(sql), args![NEXT], |row| row.text()).await?;
    number(next)
}

/// The number of the next line, for who only reads.
pub async fn next(tx: &mut Tx) -> Result<i64> {
    number(crate::meta::get(tx, NEXT).await?)
}

fn number(text: Option<String>) -> Result<i64> {
    let text = text.ok_or_else(|| {
        Error::Schema("the search index has no beginning: run `switchboard migrate`".into())
    })?;
    text.parse().map_err(|_| Error::spoilt(NEXT, &text))
}

/// How far these conversations are indexed; those that are not at all are left out.
pub async fn marks(tx: &mut Tx, ids: &[ConversationId]) -> Result<Vec<Mark>> {
    let mut found = Vec::with_capacity(ids.len());
    for chunk in ids.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(Value::from).collect();
        let places = many::places(many::pad(&mut values, 1));
        let sql =
            format!("SELECT conversation_id, seq FROM search_marks WHERE conversation_id IN ({places})");
        let read = tx.list(AssertSqlSafe(sql), &values, |row| {
            Ok(Mark { conversation: row.parse()?, seq: row.int()? })
        });
        found.extend(read.await?);
    }
    Ok(found)
}

/// Says how far conversations are indexed.
pub async fn mark(tx: &mut Tx, marks: &[Mark]) -> Result<()> {
    for piece in many::pieces(marks) {
        let values: Vec<Value<'_>> =
            piece.iter().flat_map(|mark| [Value::from(&mark.conversation), mark.seq.into()]).collect();
        let sql = format!(
            "INSERT INTO search_marks (conversation_id, seq) VALUES {}{}",
            many::tuples(piece.len(), 2),
            tx.dialect().upsert("conversation_id", &["seq"])
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

/// Adds lines, numbered from what [`lock`] said, and in which of them each word of each page stands; the next line has the
/// number `next` then.
pub async fn insert(
    tx: &mut Tx,
    lines: &[Line],
    words: &BTreeMap<(i64, String), Places>,
    next: i64,
) -> Result<()> {
    for piece in many::pieces(lines) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|line| [line.n.into(), Value::from(&line.conversation), line.seq.into()])
            .collect();
        let sql = format!(
            "INSERT INTO search_lines (n, conversation_id, seq) VALUES {}",
            many::tuples(piece.len(), 3)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    let postings: Vec<(i64, &str, String)> =
        words.iter().map(|((page, word), places)| (*page, word.as_str(), places.text())).collect();
    let grown = format!("CONCAT(search_words.places, {})", tx.dialect().offered("places"));
    let merge = tx.dialect().merge("page, word", &[("places", grown)]);
    for piece in many::pieces(&postings) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|(page, word, places)| [(*page).into(), (*word).into(), places.into()])
            .collect();
        let sql = format!(
            "INSERT INTO search_words (page, word, places) VALUES {}{merge}",
            many::tuples(piece.len(), 3)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    crate::meta::set(tx, NEXT, &next.to_string()).await
}

/// What of a piece of all conversations is not indexed to its end: of `limit` conversations after `after`, by id. Answers
/// where the next piece begins as well.
pub async fn behind(
    tx: &mut Tx,
    after: Option<&ConversationId>,
    limit: i64,
) -> Result<(Vec<ConversationId>, Option<ConversationId>)> {
    let sql = "SELECT c.id, CASE WHEN c.head > COALESCE(m.seq, 0) THEN 1 ELSE 0 END FROM \
               (SELECT id, head FROM conversations WHERE id > ? ORDER BY id LIMIT ?) c \
               LEFT JOIN search_marks m ON m.conversation_id = c.id ORDER BY c.id";
    let from = after.map_or("", ConversationId::as_str);
    let read = tx.list(sql, args![from, limit], |row| Ok((row.parse()?, row.flag()?))).await?;
    let is_full = i64::try_from(read.len()).is_ok_and(|count| count >= limit);
    let next = read.last().filter(|_| is_full).map(|(id, _): &(ConversationId, bool)| id.clone());
    Ok((read.into_iter().filter(|(_, is_behind)| *is_behind).map(|(id, _)| id).collect(), next))
}

/// What these pages say of these words.
pub async fn exact(tx: &mut Tx, pages: &[i64], words: &[&str]) -> Result<Vec<Posting>> {
    if pages.is_empty() || words.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value<'_>> = pages.iter().map(|page| (*page).into()).collect();
    let first = many::places(many::pad(&mut values, 1));
    let mut rest: Vec<Value<'_>> = words.iter().map(|word| (*word).into()).collect();
    let second = many::places(many::pad(&mut rest, 1));
    values.extend(rest);
    let sql =
        format!("SELECT page, word, places FROM search_words WHERE page IN ({first}) AND word IN ({second})");
    tx.list(AssertSqlSafe(sql), &values, posting).await
}

/// What these pages say of the words that begin with `prefix`.
pub async fn prefixed(tx: &mut Tx, pages: &[i64], prefix: &str) -> Result<Vec<Posting>> {
    if pages.is_empty() {
        return Ok(Vec::new());
    }
    let mut values: Vec<Value<'_>> = pages.iter().map(|page| (*page).into()).collect();
    let places = many::places(many::pad(&mut values, 1));
    let end = crate::page::prefix_end(prefix);
    values.extend([Value::from(prefix), Value::from(&end)]);
    let sql = format!(
        "SELECT page, word, places FROM search_words WHERE page IN ({places}) AND word >= ? AND word < ?"
    );
    tx.list(AssertSqlSafe(sql), &values, posting).await
}

fn posting(row: &mut crate::row::Row<'_>) -> Result<Posting> {
    Ok(Posting { page: row.int()?, word: row.text()?, places: row.text()? })
}

/// Those of these lines that lie in conversations which an agent may see, newest first: own, of these teams, and of none.
pub async fn visible(tx: &mut Tx, agent: &AccountId, teams: &[TeamId], lines: &[i64]) -> Result<Vec<Line>> {
    let mut found = Vec::new();
    for chunk in lines.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|n| (*n).into()).collect();
        let keys = many::places(many::pad(&mut values, 1));
        let mut ours: Vec<Value<'_>> = vec!["".into()];
        ours.extend(teams.iter().map(Value::from));
        let teams = many::places(many::pad(&mut ours, 1));
        values.push(agent.into());
        values.extend(ours);
        let sql = format!(
            "SELECT l.n, l.conversation_id, l.seq FROM search_lines l JOIN conversations c ON c.id = l.conversation_id \
             WHERE l.n IN ({keys}) AND ((c.owner_kind = 'agent' AND c.owner_id = ?) OR c.team_id IS NULL \
             OR c.team_id IN ({teams})) ORDER BY l.n DESC"
        );
        found.extend(tx.list(AssertSqlSafe(sql), &values, line).await?);
    }
    Ok(found)
}

fn line(row: &mut crate::row::Row<'_>) -> Result<Line> {
    Ok(Line { n: row.int()?, conversation: row.parse()?, seq: row.int()? })
}

/// The first lines of a conversation.
pub async fn of_conversation(tx: &mut Tx, id: &ConversationId, limit: i64) -> Result<Vec<Line>> {
    let sql = "SELECT n, conversation_id, seq FROM search_lines WHERE conversation_id = ? ORDER BY n LIMIT ?";
    tx.list(sql, args![id, limit], line).await
}

/// Takes lines away, and them from what their pages say of these words. The index is locked.
pub async fn forget(tx: &mut Tx, lines: &[Line], words: &BTreeMap<(i64, String), Places>) -> Result<()> {
    let mut pages: BTreeMap<i64, Vec<&str>> = BTreeMap::new();
    for (page, word) in words.keys() {
        pages.entry(*page).or_default().push(word);
    }
    let mut rest: Vec<(i64, String, String)> = Vec::new();
    for (page, words_of_page) in &pages {
        for chunk in words_of_page.chunks(limits::KEYS) {
            for found in exact(tx, &[*page], chunk).await? {
                let mut places = Places::default();
                places.add(&found.places);
                let key = (found.page, found.word);
                let Some(gone) = words.get(&key) else { continue };
                gone.newest_first().for_each(|place| places.remove(place));
                rest.push((key.0, key.1, places.text()));
            }
        }
    }
    let upsert = tx.dialect().upsert("page, word", &["places"]);
    for piece in many::pieces(&rest) {
        let values: Vec<Value<'_>> = piece
            .iter()
            .flat_map(|(page, word, places)| [(*page).into(), word.into(), places.into()])
            .collect();
        let sql = format!(
            "INSERT INTO search_words (page, word, places) VALUES {}{upsert}",
            many::tuples(piece.len(), 3)
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    // A word that no line of its page has any more says that one of them had it.
    for page in pages.keys() {
        let empty: Vec<&str> = rest
            .iter()
            .filter(|(of, _, places)| of == page && places.is_empty())
            .map(|(_, word, _)| word.as_str())
            .collect();
        for chunk in empty.chunks(limits::KEYS) {
            let mut values: Vec<Value<'_>> = chunk.iter().map(|word| (*word).into()).collect();
            let places = many::places(many::pad(&mut values, 1));
            values.push((*page).into());
            let sql = format!("DELETE FROM search_words WHERE word IN ({places}) AND page = ?");
            tx.exec(AssertSqlSafe(sql), &values).await?;
        }
    }
    for chunk in lines.chunks(limits::KEYS) {
        let mut values: Vec<Value<'_>> = chunk.iter().map(|line| line.n.into()).collect();
        let places = many::places(many::pad(&mut values, 1));
        tx.exec(AssertSqlSafe(format!("DELETE FROM search_lines WHERE n IN ({places})")), &values).await?;
    }
    Ok(())
}
