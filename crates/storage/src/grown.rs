//! Conversations whose log has grown since a time, however many there are.
//!
//! There is no index of all of them by activity, and there should be none: every message would have one index more to move
//! its conversation in. There are ranges of those that are there for the desk's lists, one for each status and team, and
//! there are few teams: each is read from the time on, so that what is read is what has grown.

use crate::error::Result;
use crate::page::After;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::{ConversationId, Millis, TeamId};

/// What a range has in common, for [`page`].
const ENDED: &str = "status = 'resolved' AND owner_kind = 'none' AND owner_id IS NULL";
const OF_TEAM: &str = "status = ? AND team_id = ?";
const OF_NO_TEAM: &str = "status = ? AND team_id IS NULL";

/// Gives `each` every conversation whose log has grown since `since`, with its head; those that are resolved come last. They
/// are read `limit` at a time.
pub async fn since(
    tx: &mut Tx,
    since: Millis,
    limit: i64,
    mut each: impl FnMut(ConversationId, i64) + Send,
) -> Result<()> {
    for status in ["open", "snoozed"] {
        pages(tx, OF_NO_TEAM, &[status.into()], (since, limit), &mut each).await?;
        let mut team = next_team(tx, status, "").await?;
        while let Some(id) = team {
            pages(tx, OF_TEAM, &[status.into(), (&id).into()], (since, limit), &mut each).await?;
            team = next_team(tx, status, id.as_str()).await?;
        }
    }
    pages(tx, ENDED, &[], (since, limit), &mut each).await
}

/// The first team after `after` that has a conversation of this status: one look into the index.
async fn next_team(tx: &mut Tx, status: &str, after: &str) -> Result<Option<TeamId>> {
    let sql = "SELECT team_id FROM conversations WHERE status = ? AND team_id > ? ORDER BY team_id LIMIT 1";
    tx.first(sql, args![status, after], |row| row.parse()).await
}

async fn pages(
    tx: &mut Tx,
    range: &str,
    of: &[Value<'_>],
    (since, limit): (Millis, i64),
    each: &mut (impl FnMut(ConversationId, i64) + Send),
) -> Result<()> {
    let sql = sql(range);
    let mut after: Option<After> = None;
    loop {
        let at = after.as_ref().map_or(since, |after| after.updated_at);
        // In front of every id.
        let id = after.as_ref().map_or("", |after| after.id.as_str());
        let mut values = of.to_vec();
        values.extend([Value::from(at), at.into(), id.into(), limit.into()]);
        let page: Vec<(After, i64)> = tx
            .list(AssertSqlSafe(sql.clone()), &values, |row| {
                Ok((After { updated_at: row.int()?, id: row.parse()? }, row.int()?))
            })
            .await?;
        let full = i64::try_from(page.len()).is_ok_and(|len| len >= limit);
        for (one, head) in page {
            each(one.id.clone(), head);
            after = Some(one);
        }
        if !full {
            return Ok(());
        }
    }
}

fn sql(range: &str) -> String {
    format!(
        "SELECT updated_at, id, head FROM conversations WHERE {range} AND updated_at >= ? AND (updated_at > ? OR id > ?) \
         ORDER BY updated_at, id LIMIT ?"
    )
}
