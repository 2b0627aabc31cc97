//! Systems with a crowd's worth of clients, each known to the system and with somewhere to be: what the benchmarks of
//! connections measure.

use std::process::Command;
use std::sync::Arc;

use anyhow::Context;
use serde_json::json;
use switchboard_testkit::{Http, MariaDb, System};
use tokio::task::JoinSet;

use crate::driver::visitor::Visitors;
use crate::driver::{self, Driver, Who};
use crate::load::{Cast, Line};
use crate::peer::ejabberd::{self, Ejabberd};
use crate::peer::handmade::{self, Handmade};
use crate::peer::nats_ws::NatsWs;
use crate::place::on_tested_core;
use crate::product::{self, Kind, block_on};
use crate::statements::Statements;

/// Visitors that are made at a time.
const MAKING: usize = 32;

/// With whom our visitors begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum With {
    /// An automation, which answers each message.
    Automation,
    /// People, of whom there are none: nobody answers.
    People,
}

/// A client and the conversation that it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who it is.
    pub who: Who,
    /// Where it writes.
    pub conversation: String,
}

/// A system with clients.
pub struct Party {
    /// How they speak.
    pub driver: Box<dyn Driver>,
    /// Who they are.
    pub guests: Vec<Guest>,
    /// The process that holds their sockets.
    pub pid: u32,
    mariadb: Option<Arc<MariaDb>>,
    /// What ends when the party does.
    _host: Box<dyn std::any::Any>,
}

impl Party {
    /// Ours, one `serve` on MariaDB, with `count` visitors of one conversation each.
    ///
    /// # Errors
    /// When it does not come up or refuses somebody.
    pub fn ours(mariadb: &Arc<MariaDb>, count: usize, with: With) -> anyhow::Result<Self> {
        let system = product::start(Kind::InProcess, mariadb)?;
        let guests = visitors(&system.http(), count, with)?;
        Self::of_system(system, mariadb, guests)
    }

    /// Ours, with `count` sockets of one visitor, who has one conversation.
    ///
    /// # Errors
    /// As [`Party::ours`].
    pub fn ours_together(mariadb: &Arc<MariaDb>, count: usize) -> anyhow::Result<Self> {
        let system = product::start(Kind::InProcess, mariadb)?;
        let one = visitors(&system.http(), 1, With::People)?.pop().context("no visitor")?;
        Self::of_system(system, mariadb, vec![one; count])
    }

    fn of_system(system: System, mariadb: &Arc<MariaDb>, guests: Vec<Guest>) -> anyhow::Result<Self> {
        let (_, pid) = system.pids().into_iter().next().context("nothing runs")?;
        let durability = Kind::InProcess.durability();
        let driver = Visitors::new(system.address(0), durability, product::counted(&system));
        Ok(Self {
            driver: Box::new(driver),
            guests,
            pid,
            mariadb: Some(Arc::clone(mariadb)),
            _host: Box::new(system),
        })
    }

    /// The hand-made server; everybody listens to `topic(n)`.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn handmade(count: usize, topic: impl Fn(usize) -> String) -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        command.arg(handmade::COMMAND);
        let server = on_tested_core(|| Handmade::start(&mut command))?;
        let pid = server.pid();
        let driver = Box::new(driver::handmade::Handmade::new(server.address, pid));
        Ok(Self { driver, guests: listeners(count, topic), pid, mariadb: None, _host: Box::new(server) })
    }

    /// nats-server over WebSocket; everybody listens to `topic(n)`.
    ///
    /// # Errors
    /// When it is not installed or does not come up.
    pub fn nats(count: usize, topic: impl Fn(usize) -> String) -> anyhow::Result<Self> {
        let server = NatsWs::start()?;
        let pid = server.pid();
        let driver = Box::new(driver::nats_ws::NatsWs::new(server.address(), pid));
        Ok(Self { driver, guests: listeners(count, topic), pid, mariadb: None, _host: Box::new(server) })
    }

    /// ejabberd with its archive; each client is an account that writes to itself's neighbour.
    ///
    /// # Errors
    /// When it is not installed or does not come up.
    pub fn ejabberd(mariadb: &Arc<MariaDb>, count: usize) -> anyhow::Result<Self> {
        let server = Ejabberd::start(mariadb, count)?;
        let pid = server.pid();
        let mut processes = vec![crate::usage::Counted::new("ejabberd", pid)];
        processes.extend(mariadb.pid().map(|pid| crate::usage::Counted::new("mariadbd", pid)));
        let driver = Box::new(driver::ejabberd::Ejabberd::new(server.address().to_string(), processes));
        let guest = |n| Guest {
            who: Who { name: ejabberd::account(n), secret: ejabberd::password(n), is_staff: false },
            conversation: ejabberd::account((n + 1) % count),
        };
        let guests = (0..count).map(guest).collect();
        Ok(Self { driver, guests, pid, mariadb: Some(Arc::clone(mariadb)), _host: Box::new(server) })
    }

    /// Its name in the tables.
    #[must_use]
    pub fn name(&self) -> &str {
        self.driver.name()
    }

    /// For a load on a system where a conversation is the account at its other end: the first `staff` accounts are
    /// written to by the next `lines`, each by as many as any other.
    #[must_use]
    pub fn cast(&self, lines: usize, staff: usize) -> Cast {
        let all: Vec<&Guest> = self.guests.iter().take(staff + lines).collect();
        let (staff, visitors) = all.split_at(staff.min(all.len()));
        let line = |(n, visitor): (usize, &&Guest)| {
            let at = n % staff.len().max(1);
            let conversation = staff.get(at).map(|guest| guest.who.name.clone()).unwrap_or_default();
            Line { conversation, visitor: visitor.who.clone(), staff: at }
        };
        Cast {
            lines: visitors.iter().enumerate().map(line).collect(),
            staff: staff.iter().map(|guest| guest.who.clone()).collect(),
        }
    }

    /// Who the clients are.
    #[must_use]
    pub fn who(&self) -> Vec<Who> {
        self.guests.iter().map(|guest| guest.who.clone()).collect()
    }

    /// Begins to count its database's statements; none without one.
    ///
    /// # Errors
    /// When the database is away.
    pub fn statements(&self) -> anyhow::Result<Option<Statements>> {
        self.mariadb.as_ref().map(Statements::start).transpose()
    }
}

/// Makes visitors with a conversation each.
///
/// # Errors
/// When one of them is refused.
pub fn visitors(http: &Http, count: usize, with: With) -> anyhow::Result<Vec<Guest>> {
    block_on(async {
        let mut guests = Vec::with_capacity(count);
        let mut making = JoinSet::new();
        for n in 0..count {
            while making.len() >= MAKING {
                guests.extend(making.join_next().await.transpose()?.transpose()?);
            }
            making.spawn(visitor(http.clone(), n, with));
        }
        while let Some(made) = making.join_next().await {
            guests.push(made??);
        }
        Ok(guests)
    })
}

async fn visitor(http: Http, n: usize, with: With) -> anyhow::Result<Guest> {
    let session = http.post("/visitor/session", json!({})).await?.expect(201)?;
    let secret = session["token"].as_str().context("no token")?.to_owned();
    let to = match with {
        With::Automation => json!({ "automation": "mat" }),
        With::People => json!({ "people": true }),
    };
    let own = http.with_bearer(Some(&secret));
    let begun = own.post("/visitor/conversations", json!({ "to": to })).await?.expect(201)?;
    let conversation = begun["id"].as_str().context("no conversation")?.to_owned();
    Ok(Guest { who: Who { name: format!("visitor {n}"), secret, is_staff: false }, conversation })
}

fn listeners(count: usize, topic: impl Fn(usize) -> String) -> Vec<Guest> {
    let listener = |n| {
        let conversation = topic(n);
        Guest { who: Who { name: conversation.clone(), ..Who::default() }, conversation }
    };
    (0..count).map(listener).collect()
}
