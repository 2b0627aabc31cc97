//! What can be killed, and how.

use std::time::Duration;

use anyhow::{Context, ensure};
use switchboard_testkit::{Database, MariaDb, NatsServer, Shape, Signal, System};

/// How long a part may take to end when it is asked to: what it may take to drain, and some.
const END: Duration = Duration::from_secs(20);

/// A part of a system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    /// A node with everything in it.
    Serve,
    /// The edge.
    Web,
    /// The database's owner, with the router.
    Dbmgr,
    /// One of the automations, as a process of its own.
    Automation,
    /// The bus.
    Nats,
    /// The database.
    MariaDb,
    /// All of them at once, servers included.
    All,
}

/// A process to be disturbed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// One of ours, by its name in the system.
    Ours(String),
    /// `nats-server`.
    Nats,
    /// `mariadbd`.
    MariaDb,
}

/// The parts of a shape.
pub(super) fn of(shape: Shape) -> &'static [Part] {
    match shape {
        Shape::Embedded => &[Part::Serve],
        Shape::Cluster => &[Part::Serve, Part::Nats, Part::MariaDb, Part::All],
        Shape::Split => &[Part::Web, Part::Dbmgr, Part::Automation, Part::Nats, Part::MariaDb, Part::All],
    }
}

impl Part {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Serve => "serve",
            Self::Web => "web",
            Self::Dbmgr => "dbmgr",
            Self::Automation => "automation",
            Self::Nats => "nats-server",
            Self::MariaDb => "mariadbd",
            Self::All => "all",
        }
    }

    /// How often it is disturbed at full length: with two shapes in which it exists, 260 times in all, of which 200
    /// are kills.
    pub(super) fn cycles(self, shape: Shape) -> usize {
        let shapes = [Shape::Embedded, Shape::Cluster, Shape::Split];
        let where_it_is = shapes.iter().filter(|shape| of(**shape).contains(&self)).count();
        debug_assert!(of(shape).contains(&self));
        260 / where_it_is.max(1)
    }

    /// Makes a seed this part's own.
    pub(super) fn salt(self, shape: Shape) -> u64 {
        (self as u64 * 3 + shape as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }

    /// How soon it must work again.
    pub(super) fn goal(self) -> Duration {
        match self {
            Self::MariaDb | Self::All => Duration::from_secs(10),
            Self::Serve | Self::Web | Self::Dbmgr | Self::Automation | Self::Nats => Duration::from_secs(5),
        }
    }

    /// Whom to disturb this time.
    pub(super) fn targets(self, system: &System, dice: &mut fastrand::Rng) -> Vec<Target> {
        let ours = |name: &str| vec![Target::Ours(name.to_owned())];
        match self {
            Self::Serve => ours(&format!("node-{}", dice.usize(0..system.node_count()))),
            Self::Web => ours("web"),
            Self::Dbmgr => ours("dbmgr"),
            Self::Automation => ours(if dice.bool() { "mat" } else { "chat" }),
            Self::Nats => vec![Target::Nats],
            Self::MariaDb => vec![Target::MariaDb],
            Self::All => {
                let all = system.part_names().into_iter().map(Target::Ours);
                all.chain([Target::Nats, Target::MariaDb]).collect()
            }
        }
    }
}

impl Target {
    /// Fails when it has ended by itself.
    pub(super) fn must_run(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => {
                let process = system.process(name)?;
                let ended = process.ended();
                ensure!(ended.is_none(), "{name} has ended by itself: {ended:?}\n{}", process.last_words());
            }
            Self::Nats => ensure!(nats(system)?.is_running(), "nats-server has ended by itself"),
            Self::MariaDb => ensure!(mariadb(system)?.is_running(), "mariadbd has ended by itself"),
        }
        Ok(())
    }

    pub(super) fn kill(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => system.kill(name),
            Self::Nats => nats(system)?.kill(),
            Self::MariaDb => mariadb(system)?.kill(),
        }
    }

    pub(super) fn end(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => system.terminate(name, END),
            Self::Nats => nats(system)?.terminate(END),
            Self::MariaDb => mariadb(system)?.terminate(END),
        }
    }

    pub(super) fn launch(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => system.launch(name),
            Self::Nats => nats(system)?.launch(),
            Self::MariaDb => mariadb(system)?.launch(),
        }
    }

    pub(super) fn freeze(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => system.process(name)?.signal(Signal::Stop),
            Self::Nats => nats(system)?.pause(),
            Self::MariaDb => mariadb(system)?.pause(),
        }
    }

    pub(super) fn thaw(&self, system: &mut System) -> anyhow::Result<()> {
        match self {
            Self::Ours(name) => system.process(name)?.signal(Signal::Cont),
            Self::Nats => nats(system)?.resume(),
            Self::MariaDb => mariadb(system)?.resume(),
        }
    }
}

fn nats(system: &System) -> anyhow::Result<&NatsServer> {
    system.nats.as_ref().context("this shape has no nats-server")
}

fn mariadb(system: &System) -> anyhow::Result<&MariaDb> {
    match &system.database {
        Database::MariaDb(server, _) => Ok(server),
        Database::Sqlite(_) => anyhow::bail!("this shape has no MariaDB"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_killed_two_hundred_times() {
        for part in
            [Part::Serve, Part::Web, Part::Dbmgr, Part::Automation, Part::Nats, Part::MariaDb, Part::All]
        {
            let shapes = [Shape::Embedded, Shape::Cluster, Shape::Split];
            let kills: usize = shapes
                .into_iter()
                .filter(|shape| of(*shape).contains(&part))
                .map(|shape| super::super::deck(part.cycles(shape), &mut fastrand::Rng::with_seed(1)))
                .map(|deck| deck.iter().filter(|fault| **fault == super::super::Fault::Kill).count())
                .sum();
            assert!(kills >= 200, "{part:?}: {kills}");
        }
    }
}
