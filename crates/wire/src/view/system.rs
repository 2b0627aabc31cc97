//! How the installation is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How the installation is, as the node sees it that answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct System {
    /// Of the node that answers.
    pub version: String,
    /// The database; when it is away there is no answer at all.
    pub database: SystemDatabase,
    /// The bus between the components.
    pub bus: SystemBus,
    /// How many database managers are alive.
    pub dbmgrs: u64,
    /// The nodes that answered within half a second, by their ids.
    pub nodes: Vec<SystemNode>,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemDatabase {
    /// `sqlite`, or `mysql` for MySQL and MariaDB.
    pub kind: String,
    /// Whether what it has acknowledged outlives a crash of its server.
    pub durable: bool,
    /// How long a call took there and back, in milliseconds.
    pub ms: u64,
}

/// The bus.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemBus {
    /// Whether it is there.
    pub up: bool,
    /// How long a message took there and back, in milliseconds.
    pub ms: u64,
    /// What is wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

/// A node to which browsers and programs connect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SystemNode {
    /// Random at every start.
    pub id: String,
    /// Of its program.
    pub version: String,
    /// Seconds since it started.
    pub up_s: u64,
    /// Open sockets of visitors.
    pub visitors: u64,
    /// Open sockets of agents.
    pub agents: u64,
}
