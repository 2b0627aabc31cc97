//! Filling a database of ours as years of use would have: with the database's own sequence tables, in the order in
//! which things happen, in large transactions that are not durable one by one.

use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use switchboard_testkit::MariaDb;

use super::EACH;

/// Entries of the long conversation.
pub const TALK: usize = 10_000;
/// Conversations filled by one transaction.
const STEP: usize = 10_000;
/// One in so many conversations waits for people, the rest is resolved; at least [`WAITING`] wait.
const WAITING_OF: usize = 100;
/// Conversations that wait at least: two pages.
const WAITING: usize = 100;
/// How long the server may take to write down what filling has left in memory.
const FLUSH: Duration = Duration::from_secs(120);
/// Changed pages that may be left.
const CHANGED: u64 = 200;
/// Milliseconds since 1970 of the first conversation.
const BEGIN_MS: u64 = 1_700_000_000_000;
/// Milliseconds between two conversations.
const APART_MS: u64 = 1_000;
/// Milliseconds between two entries.
const PACE_MS: u64 = 100;

/// What an archive holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// Messages in conversations of [`EACH`].
    pub messages: usize,
    /// Entries of one long conversation besides.
    pub talk: usize,
}

impl Plan {
    pub(super) fn new(messages: usize, talk: usize) -> Self {
        Self { messages, talk }
    }

    /// Conversations, the long one not counted.
    #[must_use]
    pub fn conversations(self) -> usize {
        self.messages / EACH
    }

    /// The long conversation's id.
    #[must_use]
    pub fn long(self) -> String {
        id(LONG, 0)
    }

    /// Every so many conversations one waits.
    fn waiting_of(self) -> usize {
        (self.conversations() / WAITING).clamp(1, WAITING_OF)
    }
}

/// What an id begins with, by what it names: ids sort by time, and these are older than what the program makes.
const SHORT: &str = "01J0000000000000";
const LONG: &str = "01J1000000000000";
const VISITOR: &str = "01G0000000000000";
/// An agent who is gone: history keeps names.
const AGENT: &str = "01F00000000000000000000000";
const ENTRY: &str = "01J2";

fn id(prefix: &str, n: usize) -> String {
    format!("{prefix}{n:010}")
}

/// Fills an empty database of ours; the server is as durable as before when it ends.
pub(super) async fn fill(server: &Arc<MariaDb>, url: &str, plan: Plan) -> anyhow::Result<()> {
    let mut connection = MySqlConnection::connect(url).await?;
    server
        .sql("", "SET GLOBAL innodb_flush_log_at_trx_commit = 0, GLOBAL innodb_max_dirty_pages_pct = 10")?;
    // ASCII, so that nothing is converted; what is inserted is unique by itself.
    connection.execute("SET NAMES ascii").await?;
    connection.execute("SET SESSION unique_checks = 0").await?;
    let all = plan.conversations();
    for from in (0..all).step_by(STEP) {
        let step = from..all.min(from + STEP);
        conversations(&mut connection, SHORT, &step, EACH, plan.waiting_of()).await?;
        entries(&mut connection, SHORT, &step, EACH).await?;
    }
    // Nobody waits for an answer in the long one.
    conversations(&mut connection, LONG, &(0..1), plan.talk, usize::MAX).await?;
    entries(&mut connection, LONG, &(0..1), plan.talk).await?;
    connection.execute("ANALYZE TABLE entries, conversations, visitors, read_positions").await?;
    connection.close().await?;
    settle(server)?;
    server
        .sql("", "SET GLOBAL innodb_flush_log_at_trx_commit = 1, GLOBAL innodb_max_dirty_pages_pct = 90")?;
    let durable = server.sql("", "SELECT @@GLOBAL.innodb_flush_log_at_trx_commit")?;
    ensure!(durable.trim() == "1", "the server is not durable again: {durable}");
    Ok(())
}

/// Waits until what filling has left in memory is on disk: writing it belongs to nobody's measurement.
fn settle(server: &MariaDb) -> anyhow::Result<()> {
    let until = Instant::now() + FLUSH;
    server.sql("", "SET GLOBAL innodb_max_dirty_pages_pct = 0")?;
    loop {
        let row = server.sql("", "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'")?;
        let left: u64 = row.split_whitespace().nth(1).and_then(|n| n.parse().ok()).context("no number")?;
        if left <= CHANGED {
            return Ok(());
        }
        ensure!(Instant::now() < until, "{left} pages are still to be written after {FLUSH:?}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

/// Conversations of `each` entries, their visitors, and of every second one how far staff have read. In a resolved
/// one the last entry says so.
async fn conversations(
    connection: &mut MySqlConnection,
    prefix: &str,
    of: &Range<usize>,
    each: usize,
    waiting_of: usize,
) -> anyhow::Result<()> {
    let (numbers, n) = (numbers(of), "LPAD(c.seq, 10, '0')");
    let visitor = format!("CONCAT('{VISITOR}', {n})");
    let (began, ended) = (at("1"), at(&each.to_string()));
    // Visitors write with odd numbers, agents with even ones, and the last is an event unless somebody waits.
    let waits = format!("c.seq % {waiting_of} = 0");
    let (inbound, last_inbound) = (each.div_ceil(2), each - 1 + each % 2);
    let head = entry_id(prefix, &each.to_string());
    let mut sql = Vec::new();
    sql.push(format!(
        "INSERT IGNORE INTO visitors (id, token_hash, name, verified, created_at, last_seen_at) SELECT {visitor}, \
         SHA2(c.seq, 256), CONCAT('Visitor ', c.seq), 0, {began}, {ended} FROM {numbers} c"
    ));
    sql.push(format!(
        "INSERT INTO conversations (id, visitor_id, visitor_name, visitor_name_key, channel, status, owner_kind, \
         owner_id, fence, head, head_id, public_head, public_head_id, inbound, last_inbound, answered, attempts, \
         had_people, preview, tags, waiting_since, queued_at, priority, created_at, updated_at) \
         SELECT CONCAT('{prefix}', {n}), {visitor}, CONCAT('Visitor ', c.seq), CONCAT('visitor ', c.seq), 'web', \
         IF({waits}, 'open', 'resolved'), IF({waits}, 'queue', 'none'), IF({waits}, '', NULL), \
         IF({waits}, 1, 3), {each}, {head}, {each}, {head}, {inbound}, {last_inbound}, 0, 0, 1, '{}', '[]', \
         IF({waits}, {ended}, NULL), IF({waits}, {began}, NULL), 0, {began}, {ended} FROM {numbers} c",
        PREVIEW
    ));
    sql.push(format!(
        "INSERT INTO read_positions (conversation_id, side, seq, inbound, at) SELECT CONCAT('{prefix}', {n}), \
         'staff', {last_inbound}, {inbound} - c.seq % 3, {ended} FROM {numbers} c WHERE c.seq % 2 = 0"
    ));
    run(connection, &sql).await
}

/// The entries of these conversations, 200 bytes of text each.
async fn entries(
    connection: &mut MySqlConnection,
    prefix: &str,
    of: &Range<usize>,
    each: usize,
) -> anyhow::Result<()> {
    let n = "LPAD(c.seq, 10, '0')";
    let (id, at) = (entry_id(prefix, "s.seq"), at("s.seq"));
    let text = TEXT.repeat(10);
    let sql = format!(
        "INSERT INTO entries (conversation_id, seq, id, at, kind, public, public_before, author_kind, author_id, \
         author_name, body, sender, client_msg_id, body_hash) \
         SELECT STRAIGHT_JOIN CONCAT('{prefix}', {n}), s.seq, {id}, {at}, 'message', 1, s.seq - 1, \
         IF(s.seq & 1, 'visitor', 'agent'), IF(s.seq & 1, CONCAT('{VISITOR}', {n}), '{AGENT}'), \
         IF(s.seq & 1, CONCAT('Visitor ', c.seq), 'Ada'), '{{\"text\":\"{text}\"}}', \
         IF(s.seq & 1, CONCAT('v{VISITOR}', {n}), 'a{AGENT}'), \
         CONCAT('filled-', LPAD(c.seq, 10, '0'), LPAD(s.seq, 6, '0')), '{}' \
         FROM {} c JOIN seq_1_to_{each} s",
        "0123456789abcdef".repeat(4),
        numbers(of),
    );
    run(connection, &[sql]).await
}

/// Twenty bytes: a text is ten of these.
const TEXT: &str = "Is this still right ";
const PREVIEW: &str = "Is this still right Is this still right";

fn numbers(of: &Range<usize>) -> String {
    format!("seq_{}_to_{}", of.start, of.end.saturating_sub(1).max(of.start))
}

/// When the entry of this number, an expression, was written.
fn at(seq: &str) -> String {
    format!("{BEGIN_MS} + c.seq * {APART_MS} + {seq} * {PACE_MS}")
}

/// The id of the entry of this number, an expression.
fn entry_id(prefix: &str, seq: &str) -> String {
    let kind = prefix.get(2..4).unwrap_or_default();
    format!("CONCAT('{ENTRY}{kind}', LPAD(c.seq, 10, '0'), LPAD({seq}, 10, '0'))")
}

async fn run(connection: &mut MySqlConnection, statements: &[String]) -> anyhow::Result<()> {
    for sql in statements {
        let what = || sql.chars().take(200).collect::<String>();
        connection.execute(AssertSqlSafe(sql.clone())).await.with_context(what)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_always_there_to_be_shown() {
        for messages in [1_000, 10_000, 100_000, 10_000_000] {
            let plan = Plan::new(messages, TALK);
            assert!(plan.conversations() / plan.waiting_of() >= WAITING, "{messages}");
        }
        assert_eq!(Plan::new(10_000_000, TALK).conversations() / WAITING_OF, 10_000);
    }

    #[test]
    fn ids_have_the_length_of_ours() {
        assert_eq!((id(LONG, 0).len(), AGENT.len(), PREVIEW.len()), (26, 26, 39));
        assert_eq!(TEXT.len() * 10, crate::setting::TEXT_BYTES);
        assert_eq!(numbers(&(0..10)), "seq_0_to_9");
    }
}
