//! The few places where SQLite and MySQL do not speak the same SQL. Everything else is one text for both.

/// Which SQL is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// SQLite.
    Sqlite,
    /// MySQL and MariaDB.
    MySql,
}

impl Dialect {
    /// Exception 1: opens a transaction that will write. SQLite takes the write lock at once, as upgrading later
    /// may fail.
    pub(crate) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::MySql => "START TRANSACTION",
        }
    }

    /// Exception 2: ends a SELECT whose rows nobody else may change until the commit; on SQLite nobody else writes
    /// anyway.
    pub(crate) fn share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " LOCK IN SHARE MODE",
        }
    }

    /// Exception 3: ends a SELECT whose rows this transaction is going to change.
    pub(crate) fn update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " FOR UPDATE",
        }
    }

    /// Exceptions 2 and 3 for those who do not wait: rows that somebody else has locked are left out. Of the comments
    /// MariaDB reads the first kind, MySQL the second.
    pub(crate) fn try_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " /*M!100600 LOCK IN SHARE MODE SKIP LOCKED */ /*!80001 FOR SHARE SKIP LOCKED */",
        }
    }

    /// See [`Dialect::try_share`].
    pub(crate) fn try_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::MySql => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Exception 4: ends an INSERT that overwrites `columns` where the primary `key` is there already. Affected
    /// rows differ too (SQLite counts 1, MySQL 2 for an overwritten row), so nobody may count them.
    pub(crate) fn upsert(self, key: &str, columns: &[&str]) -> String {
        let set =
            |form: &dyn Fn(&str) -> String| columns.iter().map(|c| form(c)).collect::<Vec<_>>().join(", ");
        match self {
            Self::Sqlite => {
                format!(" ON CONFLICT ({key}) DO UPDATE SET {}", set(&|c| format!("{c} = excluded.{c}")))
            }
            Self::MySql => format!(" ON DUPLICATE KEY UPDATE {}", set(&|c| format!("{c} = VALUES({c})"))),
        }
    }

    /// The same, where a column becomes what an expression says; see [`Dialect::offered`].
    pub(crate) fn merge(self, key: &str, set: &[(&str, String)]) -> String {
        let set =
            set.iter().map(|(column, value)| format!("{column} = {value}")).collect::<Vec<_>>().join(", ");
        match self {
            Self::Sqlite => format!(" ON CONFLICT ({key}) DO UPDATE SET {set}"),
            Self::MySql => format!(" ON DUPLICATE KEY UPDATE {set}"),
        }
    }

    /// What the INSERT of [`Dialect::merge`] offers for a column; the plain name means what is stored.
    pub(crate) fn offered(self, column: &str) -> String {
        match self {
            Self::Sqlite => format!("excluded.{column}"),
            Self::MySql => format!("VALUES({column})"),
        }
    }

    /// Exception 5: begins an INSERT that leaves a row alone whose key is taken.
    pub(crate) fn insert_missing(self) -> &'static str {
        match self {
            Self::Sqlite => "INSERT OR IGNORE INTO ",
            Self::MySql => "INSERT IGNORE INTO ",
        }
    }

    /// Exception 6: lists the tables of this database.
    pub(crate) fn tables(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            }
            Self::MySql => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
        }
    }

    /// Exception 7: forces an index where the optimiser is known to choose another one.
    pub(crate) fn prefer(self, index: &str) -> String {
        match self {
            Self::Sqlite => format!(" INDEXED BY {index}"),
            Self::MySql => format!(" FORCE INDEX ({index})"),
        }
    }
}
