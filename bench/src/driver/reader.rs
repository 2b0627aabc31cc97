//! The bare reader (see [`crate::bare`]) as the load asks it.

use std::sync::Arc;

use switchboard_testkit::{MariaDb, Port, Process};

use super::bare::part;
use super::{Ask, Reads, Shelf, Who};
use crate::usage::Counted;

/// A bare reader that runs.
#[derive(Debug)]
pub struct Reader {
    address: String,
    processes: Vec<Counted>,
    _part: Process,
    _port: Port,
}

/// Its name in the tables.
pub const NAME: &str = "bare reader";

impl Reader {
    /// Starts one on the tested core, for a database of ours on this server.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn start(server: &Arc<MariaDb>, database: &str) -> anyhow::Result<Self> {
        let port = Port::reserve()?;
        let address = format!("127.0.0.1:{}", port.number());
        let part = part(&["reader", "--listen", &address, "--store", database])?;
        let database = server.pid().map(|pid| Counted::new("mariadbd", pid));
        let processes = [Counted::new("bare", part.pid())].into_iter().chain(database).collect();
        Ok(Self { address, processes, _part: part, _port: port })
    }

    fn ask(&self, path: String) -> Ask {
        Ask { address: self.address.clone(), path, headers: vec![] }
    }
}

impl Reads for Reader {
    fn name(&self) -> &str {
        NAME
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn history(&self, _: &Who, conversation: &str, before: Option<u64>, limit: usize) -> Ask {
        let before = before.unwrap_or(i64::MAX.unsigned_abs());
        self.ask(format!("/entries/{conversation}/{before}/{limit}"))
    }

    /// [`Who::name`] is the agent's id.
    fn inbox(&self, who: &Who, shelf: Shelf, limit: usize) -> Ask {
        self.ask(format!("/inbox/{}/{}/{limit}", shelf.name(), who.name))
    }
}
