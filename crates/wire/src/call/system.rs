//! How the installation is.

use super::call;
use serde::{Deserialize, Serialize};

/// What the database manager knows of its database.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GetSystem {}

/// The answer to [`GetSystem`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// `sqlite`, or `mysql` for MySQL and MariaDB.
    pub kind: String,
    /// Whether what it has acknowledged outlives a crash of its server.
    pub durable: bool,
}

call! {
    GetSystem => "qry.system", SUPER_ADMIN, Stored;
}
