//! Whether a change by hand in SQL has left anything to put right: one statement, asked every few seconds.

use crate::conversation::LOST_OWNERS;
use crate::error::Result;
use crate::presence::ASTRAY;
use crate::session::DEAD;
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use std::sync::LazyLock;
use switchboard_domain::Millis;

/// What there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Litter {
    /// Conversations whose owner is gone, see [`crate::conversation::orphans`].
    pub conversations: bool,
    /// Sessions that nobody can use again, see [`crate::session::dead`].
    pub sessions: bool,
    /// Presence of those who are no active agents any more, see [`crate::presence::astray`].
    pub presence: bool,
}

/// Looks; the times are those of [`crate::session::dead`].
pub async fn look(tx: &mut Tx, now: Millis, idle_before: Millis, ended_before: Millis) -> Result<Litter> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT (SELECT COUNT(*) FROM ({LOST_OWNERS}) x), (SELECT COUNT(*) FROM ({DEAD}) y), \
             (SELECT COUNT(*) FROM ({ASTRAY}) z)"
        )
    });
    let values = args![1_i64, now, idle_before, ended_before, 1_i64, 1_i64];
    let found = tx
        .first(AssertSqlSafe(SQL.as_str()), values, |row| {
            Ok(Litter { conversations: row.flag()?, sessions: row.flag()?, presence: row.flag()? })
        })
        .await?;
    Ok(found.unwrap_or(Litter { conversations: false, sessions: false, presence: false }))
}
