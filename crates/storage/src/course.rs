//! The courses of conversations, for reports: one row each, written where they change hands.

use crate::dialect::Dialect;
use crate::error::Result;
use crate::many;
use crate::row::Row;
use crate::tx::Tx;
use crate::value::{Value, args};
use sqlx::AssertSqlSafe;
use switchboard_domain::report::Course;
use switchboard_domain::{ConversationId, Millis};

macro_rules! columns {
    () => {
        "conversation_id, started_at, queued_at, assigned_at, replied_at, replied_by, resolved_at, open, left_at, \
         team_id, agent_id, agent_name, automation, rating"
    };
}

const WIDTH: usize = 14;

/// Columns that keep what they were first.
const FIRST: [&str; 5] = ["queued_at", "assigned_at", "replied_at", "replied_by", "left_at"];
/// Columns that keep what they were last.
const LAST: [&str; 5] = ["resolved_at", "agent_id", "agent_name", "automation", "rating"];
/// Columns that every step says again.
const ALWAYS: [&str; 2] = ["open", "team_id"];

fn read(row: &mut Row<'_>) -> Result<Course> {
    Ok(Course {
        conversation: row.parse()?,
        started_at: row.int()?,
        queued_at: row.maybe_int()?,
        assigned_at: row.maybe_int()?,
        replied_at: row.maybe_int()?,
        replied_by: row.maybe_parse()?,
        resolved_at: row.maybe_int()?,
        open: row.flag()?,
        left_at: row.maybe_int()?,
        team: row.maybe_parse()?,
        agent: row.maybe_parse()?,
        agent_name: row.maybe_text()?,
        automation: row.maybe_text()?,
        rating: row.maybe_int()?,
    })
}

/// Adds steps to the courses of conversations that this transaction has locked or made, each conversation once: what is
/// `None` stays as it is, and first times stay the first.
pub async fn save(tx: &mut Tx, steps: &[Course]) -> Result<()> {
    let mut steps: Vec<&Course> = steps.iter().collect();
    // In one order, whoever writes.
    steps.sort_unstable_by(|a, b| a.conversation.cmp(&b.conversation));
    for piece in many::pieces(&steps) {
        let values: Vec<Value<'_>> = piece.iter().flat_map(|course| values(course)).collect();
        let sql = format!(
            concat!("INSERT INTO conversation_facts (", columns!(), ") VALUES {}{}"),
            many::tuples(piece.len(), WIDTH),
            merge(tx.dialect()),
        );
        tx.exec(AssertSqlSafe(sql), &values).await?;
    }
    Ok(())
}

fn merge(dialect: Dialect) -> String {
    let first = FIRST.map(|column| (column, format!("COALESCE({column}, {})", dialect.offered(column))));
    let last = LAST.map(|column| (column, format!("COALESCE({}, {column})", dialect.offered(column))));
    let always = ALWAYS.map(|column| (column, dialect.offered(column)));
    let set: Vec<(&str, String)> = first.into_iter().chain(last).chain(always).collect();
    dialect.merge("conversation_id", &set)
}

fn values(course: &Course) -> [Value<'_>; WIDTH] {
    [
        (&course.conversation).into(),
        course.started_at.into(),
        course.queued_at.into(),
        course.assigned_at.into(),
        course.replied_at.into(),
        (&course.replied_by).into(),
        course.resolved_at.into(),
        course.open.into(),
        course.left_at.into(),
        (&course.team).into(),
        (&course.agent).into(),
        (&course.agent_name).into(),
        (&course.automation).into(),
        course.rating.into(),
    ]
}

/// How many conversations began from `start` to before `end`; counts no further than `limit`.
pub async fn count(tx: &mut Tx, start: Millis, end: Millis, limit: i64) -> Result<i64> {
    let sql = "SELECT COUNT(*) FROM (SELECT started_at FROM conversation_facts WHERE started_at >= ? AND started_at < ? \
               ORDER BY started_at LIMIT ?) counted";
    Ok(tx.first(sql, args![start, end, limit], |row| row.int()).await?.unwrap_or_default())
}

/// Those that began from `start` to before `end`, in that order, behind `after`; at most `limit`.
pub async fn began(
    tx: &mut Tx,
    (start, end): (Millis, Millis),
    after: Option<(Millis, &ConversationId)>,
    limit: i64,
) -> Result<Vec<Course>> {
    let (at, id) = after.map_or((start, ""), |(at, id)| (at, id.as_str()));
    let sql = concat!(
        "SELECT ",
        columns!(),
        " FROM conversation_facts WHERE started_at >= ? AND started_at < ? AND (started_at > ? OR conversation_id > ?) \
         ORDER BY started_at, conversation_id LIMIT ?"
    );
    tx.list(sql, args![at, end, at, id, limit], read).await
}
