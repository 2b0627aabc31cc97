//! MariaDB by itself, from the load's core.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::Context;
use sqlx::mysql::MySqlConnection;
use sqlx::{AssertSqlSafe, Connection, Executor};
use switchboard_testkit::MariaDb;

use super::counted;
use crate::bare;
use crate::load::Sample;
use crate::product::block_on;
use crate::setting::{Setting, TEXT_BYTES};
use crate::usage::{Counted, Meter};

/// Rows of one conversation; then the next one begins.
const CONVERSATION_ROWS: u64 = 1_000;

const INSERT: &str = "INSERT INTO bare (conversation, seq, id, at, author, body, client_msg_id) \
                      VALUES (?, ?, ?, ?, ?, ?, ?)";

/// A table of messages in a database of its own.
#[derive(Debug)]
pub struct RawMariaDb {
    server: Arc<MariaDb>,
    url: String,
    body: String,
    next: AtomicU64,
}

impl RawMariaDb {
    /// Makes the table.
    ///
    /// # Errors
    /// When MariaDB is away.
    pub fn new(server: &Arc<MariaDb>) -> anyhow::Result<Self> {
        let url = server.database()?;
        let database = url.rsplit('/').next().unwrap_or_default().to_owned();
        server.sql(&database, &bare::schema(true))?;
        let body = format!("{{\"text\":\"{}\"}}", "x".repeat(TEXT_BYTES));
        Ok(Self { server: Arc::clone(server), url, body, next: AtomicU64::new(0) })
    }

    /// Rows per second, so many in one statement and commit, over so many connections.
    ///
    /// # Errors
    /// When MariaDB is away or refuses.
    pub fn measure(&self, setting: &Setting, rows: usize, connections: usize) -> anyhow::Result<Sample> {
        block_on(Box::pin(self.insert(setting, rows, connections)))
    }

    async fn insert(&self, setting: &Setting, rows: usize, connections: usize) -> anyhow::Result<Sample> {
        let processes = [Counted::new("mariadbd", self.server.pid().context("the server is not ours")?)];
        let begin = Instant::now() + setting.warm_up;
        let end = begin + setting.window;
        let window = async {
            tokio::time::sleep_until(begin.into()).await;
            let (meter, began) = (Meter::start(&processes)?, Instant::now());
            tokio::time::sleep_until(end.into()).await;
            anyhow::Ok((began.elapsed(), meter.each()?))
        };
        let writers = (0..connections).map(|_| self.write(rows, begin, end));
        let (counts, window) =
            futures_util::future::join(futures_util::future::try_join_all(writers), window).await;
        let (took, cpu) = window?;
        counted(took, counts?.into_iter().sum(), cpu)
    }

    /// Writes until `end`; answers how many rows were committed since `begin`.
    async fn write(&self, rows: usize, begin: Instant, end: Instant) -> anyhow::Result<u64> {
        let mut connection = MySqlConnection::connect(&self.url).await?;
        let (mut done, mut ready) = (0, self.statement(rows));
        while Instant::now() < end {
            if rows == 1 {
                self.one(&mut connection).await?;
            } else {
                // The next statement is put together while the database is at work.
                let sql = std::mem::take(&mut ready);
                let (stored, next) =
                    futures_util::future::join(connection.execute(AssertSqlSafe(sql)), async {
                        self.statement(rows)
                    })
                    .await;
                stored?;
                ready = next;
            }
            if (begin..end).contains(&Instant::now()) {
                done += rows as u64;
            }
        }
        connection.close().await?;
        Ok(done)
    }

    async fn one(&self, connection: &mut MySqlConnection) -> anyhow::Result<()> {
        let (conversation, seq, id) = self.row();
        sqlx::query(INSERT)
            .bind(&conversation)
            .bind(seq)
            .bind(&id)
            .bind(0_i64)
            .bind("v1")
            .bind(&self.body)
            .bind(&id)
            .execute(connection)
            .await?;
        Ok(())
    }

    fn statement(&self, rows: usize) -> String {
        let rows: Vec<_> = (0..rows).map(|_| self.row()).collect();
        let values = rows
            .iter()
            .map(|(conversation, seq, id)| ([conversation.as_str(), id, "v1", id], *seq, self.body.as_str()));
        bare::insert(values, 0)
    }

    fn row(&self) -> (String, u64, String) {
        let n = self.next.fetch_add(1, Ordering::Relaxed);
        let (conversation, seq) = (n / CONVERSATION_ROWS, n % CONVERSATION_ROWS + 1);
        (format!("{conversation:016}"), seq, format!("{n:020}"))
    }
}
