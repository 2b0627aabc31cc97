//! What can go wrong, told apart by what the caller may do about it.

use sqlx::error::ErrorKind;

/// Failures of the database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A unique key is taken. The transaction should be given up.
    #[error("already taken: {0:?}")]
    Conflict(Unique),
    /// Another transaction held a lock for too long; nothing is done. Run the transaction again.
    #[error("the database is busy: {0}")]
    Busy(String),
    /// The database chose this transaction as a victim; nothing is done. Run it again.
    #[error("the transaction met another one: {0}")]
    Deadlock(String),
    /// The database is away, full or read-only; nothing is done. Try again later.
    #[error("the database is not available: {0}")]
    Unavailable(String),
    /// The connection was lost during COMMIT: look up whether it is done.
    #[error("the outcome of a commit is unknown: {0}")]
    CommitUnknown(String),
    /// The schema is not this version's, or not Switchboard's.
    #[error("{0}")]
    Schema(String),
    /// The URL or the set-up is wrong; trying again does not help.
    #[error("{0}")]
    Config(String),
    /// Anything else: a defect, or a row that a hand has spoilt.
    #[error("database error: {0}")]
    Other(String),
}

/// What the database's functions answer.
pub type Result<T> = std::result::Result<T, Error>;

/// The unique keys, by what they protect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unique {
    /// One name space for the staff of all roles.
    Username,
    /// A team's name.
    TeamName,
    /// Holder and shortcut of a canned reply.
    Shortcut,
    /// For whom a saved view is, and its name.
    ViewName,
    /// The slug of an article.
    Slug,
    /// Whom a ban is for.
    Banned,
    /// A session's token.
    SessionToken,
    /// A visitor's token.
    VisitorToken,
    /// Conversation, sender and client message id.
    ClientMessage,
    /// Visitor and start key of a conversation.
    StartKey,
    /// A primary key: an id or a sequence number.
    Primary,
}

impl Unique {
    /// The index's name, and how SQLite spells its first column (it names columns, not indexes).
    const NAMED: [(Self, &str, &str); 10] = [
        (Self::Username, "accounts_username", "accounts.username"),
        (Self::TeamName, "teams_name", "teams.name"),
        (Self::Shortcut, "canned_replies_shortcut", "canned_replies.scope"),
        (Self::ViewName, "saved_views_name", "saved_views.holder"),
        (Self::Slug, "articles_slug", "articles.slug"),
        (Self::Banned, "bans_value", "bans.kind"),
        (Self::SessionToken, "sessions_token", "sessions.token_hash"),
        (Self::VisitorToken, "visitors_token", "visitors.token_hash"),
        (Self::ClientMessage, "entries_client", "entries.client_msg_id"),
        (Self::StartKey, "conversations_start", "conversations.start_key"),
    ];

    /// Reads the database's message. Only its end is looked at: MySQL quotes the value, which is anybody's text,
    /// before the key.
    fn read(message: &str) -> Self {
        let tail = message.rsplit_once("for key ").map_or(message, |(_, key)| key);
        let named =
            Self::NAMED.iter().find(|(_, index, column)| tail.contains(index) || tail.contains(column));
        named.map_or(Self::Primary, |(key, ..)| *key)
    }
}

impl Error {
    /// Whether running the whole transaction again is the right answer; nothing has been done.
    pub fn is_rerun(&self) -> bool {
        matches!(self, Self::Busy(_) | Self::Deadlock(_))
    }

    /// Whether the database is away for now.
    pub fn is_unavailable(&self) -> bool {
        matches!(self, Self::Unavailable(_) | Self::CommitUnknown(_))
    }

    /// A stored value that does not read as what it should be.
    pub(crate) fn spoilt(column: &str, value: &str) -> Self {
        Self::Other(format!("{column} holds {value:?}, which is not one of its values"))
    }

    /// Reads a failure of COMMIT, where what would elsewhere mean "nothing is done" may not.
    pub(crate) fn of_commit(error: sqlx::Error) -> Self {
        match Self::from(error) {
            // The server refused before it did anything; every other loss leaves the outcome open.
            Self::Unavailable(message) if refused(&message) => Self::Unavailable(message),
            Self::Unavailable(message) | Self::Other(message) => Self::CommitUnknown(message),
            rest => rest,
        }
    }
}

/// Whether a failed COMMIT is known to have done nothing: SQLite 8 (read-only) and 13 (full) fail before the
/// commit frame is written; MySQL 1290 and 1836 are refusals of a read-only server.
fn refused(message: &str) -> bool {
    ["(code: 8)", "(code: 13)", "1290 (", "1836 ("].iter().any(|code| message.contains(code))
}

/// What tells whether the connection is still in step after this error: only the server's own answers are.
pub(crate) fn in_step(error: &sqlx::Error) -> bool {
    matches!(
        error,
        sqlx::Error::Database(_)
            | sqlx::Error::RowNotFound
            | sqlx::Error::ColumnDecode { .. }
            | sqlx::Error::Decode(_)
            | sqlx::Error::ColumnNotFound(_)
    )
}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error as E;
        match &error {
            E::Database(db) if db.kind() == ErrorKind::UniqueViolation => {
                Self::Conflict(Unique::read(db.message()))
            }
            E::Database(db) => {
                if let Some(mysql) = db.try_downcast_ref::<sqlx::mysql::MySqlDatabaseError>() {
                    of_mysql(mysql.number(), error.to_string())
                } else {
                    let code = db.code().and_then(|code| code.parse().ok()).unwrap_or_default();
                    of_sqlite(code, db.message(), error.to_string())
                }
            }
            E::Io(_) | E::Tls(_) | E::Protocol(_) | E::PoolTimedOut | E::PoolClosed | E::WorkerCrashed => {
                Self::Unavailable(error.to_string())
            }
            E::BeginFailed => Self::Unavailable(error.to_string()),
            E::Configuration(_) => Self::Config(error.to_string()),
            _ => Self::Other(error.to_string()),
        }
    }
}

fn of_mysql(number: u16, message: String) -> Error {
    match number {
        1205 => Error::Busy(message),
        // 1020 is MariaDB's "record has changed since last read".
        1213 | 1020 => Error::Deadlock(message),
        1146 | 1054 => {
            Error::Schema(format!("the schema is not this version's ({message}); run `switchboard migrate`"))
        }
        // Full disk and failed writes; read-only; shutting down, killed; no connection, not let in, no database.
        3 | 1021 | 1026 | 1030 | 1114 | 1290 | 1792 | 1836 | 1053 | 1077 | 1079 | 1152 | 1317 | 1927
        | 4031 | 1040 | 1203 | 1226 | 1044 | 1045 | 1049 | 1129 | 1130 | 1180 => Error::Unavailable(message),
        _ => Error::Other(message),
    }
}

fn of_sqlite(code: i32, text: &str, message: String) -> Error {
    // The low byte is the primary code; the rest tells apart what we treat alike.
    match code & 0xff {
        5 | 6 => Error::Busy(message),
        // Read-only, interrupted, I/O error, full, cannot open.
        8 | 9 | 10 | 13 | 14 => Error::Unavailable(message),
        1 if text.contains("no such table")
            || text.contains("no such column")
            || text.contains("has no column") =>
        {
            Error::Schema(format!("the schema is not this version's ({message}); run `switchboard migrate`"))
        }
        26 => Error::Config(format!("this file is not a SQLite database ({message})")),
        _ => Error::Other(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_value_cannot_pass_for_a_key() {
        let message = "Duplicate entry 'x' for key 'accounts_username'' for key 'PRIMARY'";
        assert_eq!(Unique::read(message), Unique::Primary);
        assert_eq!(
            Unique::read("Duplicate entry 'v-k' for key 'conversations.conversations_start'"),
            Unique::StartKey
        );
        let lite = "UNIQUE constraint failed: entries.conversation_id, entries.sender, entries.client_msg_id";
        assert_eq!(Unique::read(lite), Unique::ClientMessage);
        assert_eq!(
            Unique::read("UNIQUE constraint failed: entries.conversation_id, entries.seq"),
            Unique::Primary
        );
    }

    #[test]
    fn a_lost_commit_is_unknown_and_a_refused_one_is_not() {
        let lost = sqlx::Error::Io(std::io::Error::from(std::io::ErrorKind::ConnectionReset));
        assert!(matches!(Error::of_commit(lost), Error::CommitUnknown(_)));
        assert!(matches!(of_mysql(1205, String::new()), Error::Busy(_)));
        assert!(matches!(of_mysql(1020, String::new()), Error::Deadlock(_)));
        assert!(matches!(of_sqlite(517, "", String::new()), Error::Busy(_)), "SQLITE_BUSY_SNAPSHOT");
        assert!(refused("error returned from database: (code: 13) database or disk is full"));
    }
}
