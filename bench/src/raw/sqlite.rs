//! SQLite by itself, in a thread on the tested core.

use std::time::Instant;

use anyhow::{Context, anyhow};
use switchboard_testkit::TempDir;

use super::counted;
use crate::bare;
use crate::load::Sample;
use crate::place::on_tested_core;
use crate::setting::{Setting, TEXT_BYTES};

/// A table of messages in a file of its own, WAL with `synchronous=FULL`.
#[derive(Debug)]
pub struct RawSqlite {
    folder: TempDir,
}

impl RawSqlite {
    /// Makes the folder.
    ///
    /// # Errors
    /// When the temporary folder is not writable.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { folder: TempDir::new()? })
    }

    /// Rows per second, so many in one commit.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn measure(&self, setting: &Setting, rows: usize) -> anyhow::Result<Sample> {
        let (path, setting) = (self.folder.join("raw.db"), setting.clone());
        let thread = on_tested_core(|| Ok(std::thread::spawn(move || insert(&path, &setting, rows))))?;
        thread.join().map_err(|_| anyhow!("the writing thread has failed"))?
    }
}

fn insert(path: &std::path::Path, setting: &Setting, rows: usize) -> anyhow::Result<Sample> {
    let mut connection = bare::sqlite(path.to_str().context("a path that is no text")?)?;
    let body = format!("{{\"text\":\"{}\"}}", "x".repeat(TEXT_BYTES));
    let mut next: i64 = connection.query_row("SELECT count(*) FROM bare", [], |row| row.get(0))?;
    let begin = Instant::now() + setting.warm_up;
    let end = begin + setting.window;
    let (mut done, mut now) = (0, Instant::now());
    while now < end {
        let tx = connection.transaction()?;
        {
            let mut statement = tx.prepare_cached(bare::SQLITE_INSERT)?;
            for _ in 0..rows {
                let (conversation, id) = (format!("{:016}", next / 1_000), format!("{next:020}"));
                statement.execute((&conversation, next % 1_000 + 1, &id, 0_i64, "v1", &body, &id))?;
                next += 1;
            }
        }
        tx.commit()?;
        now = Instant::now();
        if (begin..end).contains(&now) {
            done += rows as u64;
        }
    }
    counted(setting.window, done, vec![])
}
