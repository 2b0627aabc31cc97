//! Where the bare pipeline stores: one table with the columns that a message needs.

use std::fmt::Write;

use anyhow::{Context, anyhow};
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use tokio::sync::oneshot;

use super::row::Row;

/// What SQLite waits for another writer, in milliseconds; there is none.
const BUSY_MS: u64 = 5_000;
/// Batches under way to the thread that writes SQLite.
const UNDER_WAY: usize = 2;

/// A row, in SQLite.
pub const SQLITE_INSERT: &str = "INSERT INTO bare (conversation, seq, id, at, author, body, client_msg_id) \
                             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";

/// The table, and for each database what its own way of storing it is.
#[must_use]
pub fn schema(mysql: bool) -> String {
    let (text, body, end) = if mysql {
        let ascii = "CHARACTER SET ascii COLLATE ascii_bin NOT NULL";
        (ascii, "MEDIUMTEXT NOT NULL", " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
    } else {
        ("NOT NULL", "TEXT NOT NULL", "")
    };
    format!(
        "CREATE TABLE IF NOT EXISTS bare (conversation VARCHAR(26) {text}, seq BIGINT NOT NULL, id VARCHAR(26) \
         {text}, at BIGINT NOT NULL, author VARCHAR(27) {text}, body {body}, client_msg_id VARCHAR(64) {text}, \
         PRIMARY KEY (conversation, seq), UNIQUE (conversation, author, client_msg_id)){end}"
    )
}

/// A durable place.
pub(super) enum Store {
    /// One connection.
    MariaDb(Box<MySqlConnection>),
    /// One thread, which alone has the file.
    Sqlite(std::sync::mpsc::SyncSender<Batch>),
}

type Batch = (Vec<Row>, i64, oneshot::Sender<anyhow::Result<Vec<Row>>>);

impl Store {
    /// Opens `mysql://…` or `sqlite:PATH`, and makes the table.
    ///
    /// # Errors
    /// When the database is away.
    pub(super) async fn open(url: &str) -> anyhow::Result<Self> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let connection = sqlite(path)?;
            let (sender, batches) = std::sync::mpsc::sync_channel::<Batch>(UNDER_WAY);
            std::thread::spawn(move || {
                let mut connection = connection;
                for (rows, at, done) in batches {
                    // Who waited for it is gone with the process.
                    let _ = done.send(insert_sqlite(&mut connection, &rows, at).map(|()| rows));
                }
            });
            return Ok(Self::Sqlite(sender));
        }
        let mut connection = MySqlConnection::connect(url).await.context("the database")?;
        connection.execute(AssertSqlSafe(schema(true))).await?;
        Ok(Self::MariaDb(Box::new(connection)))
    }

    /// Stores rows in one durable commit, and gives them back.
    pub(super) async fn commit(&mut self, rows: Vec<Row>, at: i64) -> anyhow::Result<Vec<Row>> {
        match self {
            Self::MariaDb(connection) => {
                let values = rows.iter().map(|row| {
                    let texts =
                        [&row.conversation, &row.id, &row.author, &row.client_msg_id].map(String::as_str);
                    (texts, row.seq, row.body.get())
                });
                let sql = insert(values, at);
                connection.execute(AssertSqlSafe(sql)).await?;
                Ok(rows)
            }
            Self::Sqlite(thread) => {
                let (done, waiting) = oneshot::channel();
                thread.send((rows, at, done)).map_err(|_| anyhow!("the writing thread is gone"))?;
                waiting.await?
            }
        }
    }
}

/// One INSERT of all rows, as text: one round trip, and committed by its end. A row is its texts (conversation, id,
/// author, client_msg_id), its `seq` and its body.
pub fn insert<'a>(rows: impl Iterator<Item = ([&'a str; 4], u64, &'a str)>, at: i64) -> String {
    let mut sql =
        String::from("INSERT INTO bare (conversation, seq, id, at, author, body, client_msg_id) VALUES ");
    for (n, ([conversation, id, author, client], seq, body)) in rows.enumerate() {
        sql.push_str(if n == 0 { "(" } else { ",(" });
        quote(&mut sql, conversation);
        let _ = write!(sql, ",{seq},");
        quote(&mut sql, id);
        let _ = write!(sql, ",{at},");
        quote(&mut sql, author);
        sql.push(',');
        quote(&mut sql, body);
        sql.push(',');
        quote(&mut sql, client);
        sql.push(')');
    }
    sql
}

fn quote(sql: &mut String, text: &str) {
    sql.push('\'');
    let mut rest = text;
    while let Some(at) = rest.find(['\'', '\\']) {
        let (plain, special) = rest.split_at(at);
        sql.push_str(plain);
        sql.push('\\');
        sql.push_str(&special[..1]);
        rest = &special[1..];
    }
    sql.push_str(rest);
    sql.push('\'');
}

/// Opens an SQLite file as durable as ours, and makes the table.
///
/// # Errors
/// When it cannot be opened.
pub fn sqlite(path: &str) -> anyhow::Result<rusqlite::Connection> {
    let connection = rusqlite::Connection::open(path).with_context(|| path.to_owned())?;
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.execute_batch(&schema(false))?;
    Ok(connection)
}

fn insert_sqlite(connection: &mut rusqlite::Connection, rows: &[Row], at: i64) -> anyhow::Result<()> {
    let tx = connection.transaction()?;
    {
        let mut statement = tx.prepare_cached(SQLITE_INSERT)?;
        for row in rows {
            let seq = i64::try_from(row.seq)?;
            let body = row.body.get();
            statement.execute((
                &row.conversation,
                seq,
                &row.id,
                at,
                &row.author,
                body,
                &row.client_msg_id,
            ))?;
        }
    }
    tx.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_quotes() {
        let rows = [(["c", "i", "a", "m"], 1, r"it's a \ b"), (["d", "j", "a", "n"], 2, "x")];
        let sql = insert(rows.into_iter(), 7);
        assert!(
            sql.ends_with(r"VALUES ('c',1,'i',7,'a','it\'s a \\ b','m'),('d',2,'j',7,'a','x','n')"),
            "{sql}"
        );
    }
}
