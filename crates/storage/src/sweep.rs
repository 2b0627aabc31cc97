//! Whether a change by hand in SQL, or time, has left anything to put right: one statement, asked every few seconds.

use crate::ban::{BANS_OVER, MET_OVER};
use crate::conversation::LOST_OWNERS;
use crate::error::Result;
use crate::file::EXPIRED;
use crate::mail::DUE;
use crate::meta::SETTINGS;
use crate::presence::{ASTRAY, UNATTENDED};
use crate::session::DEAD;
use crate::team::{GONE, UNKNOWN};
use crate::tx::Tx;
use crate::value::args;
use sqlx::AssertSqlSafe;
use std::sync::LazyLock;
use switchboard_domain::Millis;

/// What there is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Litter {
    /// Conversations whose owner is gone, see [`crate::conversation::orphans`].
    pub conversations: bool,
    /// Sessions that nobody can use again, see [`crate::session::dead`].
    pub sessions: bool,
    /// Presence of those who are no active agents any more, see [`crate::presence::astray`].
    pub presence: bool,
    /// Agents who are there without a session, see [`crate::presence::unattended`].
    pub agents: bool,
    /// Conversations whose team is gone, see [`crate::team::gone`].
    pub teams: bool,
    /// Bans that are over, see [`crate::ban::sweep`].
    pub bans: bool,
    /// Files that nobody has come to send, see [`crate::file::expired`].
    pub files: bool,
}

/// What a look has found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// What there is to do.
    pub litter: Litter,
    /// The installation's settings, which say how long things are kept; none while nobody has chosen.
    pub settings: Option<String>,
    /// Whether an e-mail is to be sent.
    pub mails: bool,
}

/// Up to when sessions are good, and from when they are swept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Times {
    /// Now.
    pub now: Millis,
    /// A session that was not used since is not good any more.
    pub idle_before: Millis,
    /// How long sessions are kept that are not good any more.
    pub keep: Millis,
}

/// Looks.
pub async fn look(tx: &mut Tx, times: Times) -> Result<Seen> {
    static SQL: LazyLock<String> = LazyLock::new(|| {
        format!(
            "SELECT (SELECT COUNT(*) FROM ({LOST_OWNERS}) x), (SELECT COUNT(*) FROM ({DEAD}) y), \
             (SELECT COUNT(*) FROM ({ASTRAY}) z), (SELECT COUNT(*) FROM ({UNATTENDED}) w), \
             (SELECT COUNT(*) FROM ({UNKNOWN}) u) + (SELECT COUNT(*) FROM ({GONE}) v), \
             (SELECT COUNT(*) FROM ({BANS_OVER}) b) + (SELECT COUNT(*) FROM ({MET_OVER}) m), \
             (SELECT COUNT(*) FROM ({EXPIRED}) f), (SELECT COUNT(*) FROM ({DUE}) d), (SELECT value FROM meta WHERE name = ?)"
        )
    });
    let Times { now, idle_before, keep } = times;
    let values = args![
        1_i64,
        now - keep,
        idle_before - keep,
        now - keep,
        1_i64,
        1_i64,
        now,
        idle_before,
        1_i64,
        1_i64,
        1_i64,
        now,
        1_i64,
        now,
        1_i64,
        now,
        1_i64,
        now,
        1_i64,
        SETTINGS
    ];
    let found = tx
        .first(AssertSqlSafe(SQL.as_str()), values, |row| {
            let litter = Litter {
                conversations: row.flag()?,
                sessions: row.flag()?,
                presence: row.flag()?,
                agents: row.flag()?,
                teams: row.flag()?,
                bans: row.flag()?,
                files: row.flag()?,
            };
            let mails = row.flag()?;
            Ok(Seen { litter, settings: row.maybe_text()?, mails })
        })
        .await?;
    Ok(found.unwrap_or_default())
}
