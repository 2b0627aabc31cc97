//! The bare pipeline (see [`crate::bare`]) as the load sees it: its frames are ours.

use std::sync::Arc;
use std::time::Duration;

use switchboard_testkit::{MariaDb, NatsServer, Port, Process, TempDir};

use super::ours::{hello, read, send};
use super::{Driver, Heard, Opening, Say, Session, Who};
use crate::load::{Cast, Line};
use crate::place::on_tested_core;
use crate::product::{MARIADB_DURABILITY, SQLITE_DURABILITY};
use crate::usage::Counted;

/// How long a part may take to be ready.
const START: Duration = Duration::from_secs(20);

/// What it is put together of.
#[derive(Debug, Clone)]
pub enum Over {
    /// One process, on SQLite.
    Sqlite,
    /// One process, on MariaDB.
    MariaDb(Arc<MariaDb>),
    /// An edge and a writer, on MariaDB and NATS.
    Nats(Arc<MariaDb>),
}

/// A bare pipeline that runs.
#[derive(Debug)]
pub struct Bare {
    name: &'static str,
    durability: &'static str,
    address: String,
    processes: Vec<Counted>,
    // In this order: what talks goes before what it talks to.
    _parts: Vec<Process>,
    _nats: Option<NatsServer>,
    _mariadb: Option<Arc<MariaDb>>,
    _folder: TempDir,
    _port: Port,
}

impl Bare {
    /// Starts one on the tested core.
    ///
    /// # Errors
    /// When something does not come up.
    pub fn start(over: Over) -> anyhow::Result<Self> {
        let (port, folder) = (Port::reserve()?, TempDir::new()?);
        let address = format!("127.0.0.1:{}", port.number());
        let file = format!("sqlite:{}", folder.join("bare.db").display());
        let (name, durability, store, mariadb, nats) = match over {
            Over::Sqlite => ("bare pipeline on SQLite", SQLITE_DURABILITY, file, None, None),
            Over::MariaDb(server) => {
                ("bare pipeline on MariaDB", MARIADB_DURABILITY, server.database()?, Some(server), None)
            }
            Over::Nats(server) => {
                let nats = on_tested_core(NatsServer::start)?;
                let name = "bare pipeline on MariaDB and NATS";
                (name, MARIADB_DURABILITY, server.database()?, Some(server), Some(nats))
            }
        };
        let parts = match &nats {
            None => vec![part(&["serve", "--listen", &address, "--store", &store])?],
            Some(nats) => vec![
                part(&["writer", "--store", &store, "--nats", &nats.url()])?,
                part(&["edge", "--listen", &address, "--nats", &nats.url()])?,
            ],
        };
        let own = parts.iter().map(|process| Counted::new("bare", process.pid()));
        let bus = nats.iter().map(|nats| Counted::new("nats-server", nats.pid()));
        let database = mariadb.iter().filter_map(|server| Some(Counted::new("mariadbd", server.pid()?)));
        let processes = own.chain(bus).chain(database).collect();
        Ok(Self {
            name,
            durability,
            address,
            processes,
            _parts: parts,
            _nats: nats,
            _mariadb: mariadb,
            _folder: folder,
            _port: port,
        })
    }

    /// Everybody of a load: it asks nobody who they are, so they need not be made.
    #[must_use]
    pub fn cast(lines: usize, staff: usize) -> Cast {
        let who = |token: String, is_staff| Who { name: token.clone(), secret: token, is_staff };
        let line = |n: usize| Line {
            conversation: format!("{n}.{}", n % staff),
            visitor: who(format!("v{n}"), false),
            staff: n % staff,
        };
        Cast {
            lines: (0..lines).map(line).collect(),
            staff: (0..staff).map(|n| who(format!("s{n}"), true)).collect(),
        }
    }
}

pub(super) fn part(args: &[&str]) -> anyhow::Result<Process> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.arg("bare").args(args);
    let mut process = on_tested_core(|| Process::spawn("bench bare", &mut command))?;
    process.wait_for_line(START, |line| (line == "ready").then_some(()))?;
    Ok(process)
}

impl Driver for Bare {
    fn name(&self) -> &str {
        self.name
    }

    fn durability(&self) -> String {
        self.durability.into()
    }

    fn processes(&self) -> Vec<Counted> {
        self.processes.clone()
    }

    fn connect(&self, _: &Who) -> Opening {
        Opening { address: self.address.clone(), path: "/".into(), headers: vec![] }
    }

    fn auth(
        &self,
        who: &Who,
        session: &mut Session,
        heard: Option<&[u8]>,
        say: &mut Say,
    ) -> anyhow::Result<bool> {
        hello(who, session, heard, say)
    }

    fn send_durable(&self, _: &mut Session, conversation: &str, number: u64, text: &str, say: &mut Say) {
        send(conversation, number, text, say);
    }

    fn await_delivered(&self, _: &mut Session, frame: &[u8], _: &mut Say, each: &mut dyn FnMut(Heard<'_>)) {
        read(frame).into_iter().for_each(each);
    }
}
