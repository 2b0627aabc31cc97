//! A system, being put together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Part, System};
use crate::database::Database;
use crate::id::unique;
use crate::mariadb::MariaDb;
use crate::nats::NatsServer;
use crate::port::Port;
use crate::program::Program;
use crate::proxy::Proxy;
use crate::shape::Shape;
use crate::temp::TempDir;

/// The file that the program reads in its folder.
const CONFIGURATION: &str = "switchboard.toml";

/// What a system is to be made of.
#[derive(Debug, Clone)]
pub struct Setup {
    shape: Shape,
    own_mariadb: bool,
    nodes: usize,
    args: Vec<String>,
    mariadb: Option<Arc<MariaDb>>,
    without_nats: bool,
    configuration: Option<String>,
    binary: Option<PathBuf>,
    envs: Vec<(Option<String>, String, String)>,
    detours: Vec<(String, u16)>,
    sqlite: Option<PathBuf>,
    bus_through: Vec<(String, Arc<Proxy>)>,
}

impl Setup {
    /// The usual system of this shape.
    #[must_use]
    pub fn new(shape: Shape) -> Self {
        Self {
            shape,
            own_mariadb: false,
            nodes: 2,
            args: Vec::new(),
            mariadb: None,
            without_nats: false,
            configuration: None,
            binary: None,
            envs: Vec::new(),
            detours: Vec::new(),
            sqlite: None,
            bus_through: Vec::new(),
        }
    }

    /// With a MariaDB of its own, which the test may kill.
    #[must_use]
    pub fn own_mariadb(mut self) -> Self {
        self.own_mariadb = true;
        self
    }

    /// With so many `serve` nodes in a cluster.
    #[must_use]
    pub fn nodes(mut self, nodes: usize) -> Self {
        self.nodes = nodes;
        self
    }

    /// With a further flag for each `serve`.
    #[must_use]
    pub fn serve_arg(mut self, arg: &str) -> Self {
        self.args.push(arg.to_owned());
        self
    }

    /// With a database on this MariaDB.
    #[must_use]
    pub fn on(mut self, mariadb: Arc<MariaDb>) -> Self {
        self.mariadb = Some(mariadb);
        self
    }

    /// With the bus inside the process: one `serve` on MariaDB alone.
    #[must_use]
    pub fn without_nats(mut self) -> Self {
        self.without_nats = true;
        self.nodes(1)
    }

    /// With a configuration file.
    #[must_use]
    pub fn configuration(mut self, toml: &str) -> Self {
        self.configuration = Some(toml.to_owned());
        self
    }

    /// With another build of the program.
    #[must_use]
    pub fn binary(mut self, binary: &Path) -> Self {
        self.binary = Some(binary.to_owned());
        self
    }

    /// With an environment variable for all its parts.
    #[must_use]
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.envs.push((None, name.to_owned(), value.to_owned()));
        self
    }

    /// With an environment variable for one part.
    #[must_use]
    pub fn env_of(mut self, part: &str, name: &str, value: &str) -> Self {
        self.envs.push((Some(part.to_owned()), name.to_owned(), value.to_owned()));
        self
    }

    /// With a part that reaches its database by another port, where a proxy listens.
    #[must_use]
    pub fn detour(mut self, part: &str, port: u16) -> Self {
        self.detours.push((part.to_owned(), port));
        self
    }

    /// With one part's connections to NATS through this proxy, which is aimed there.
    #[must_use]
    pub fn bus_through(mut self, part: &str, proxy: &Arc<Proxy>) -> Self {
        self.bus_through.push((part.to_owned(), Arc::clone(proxy)));
        self
    }

    /// With its data in this SQLite file.
    #[must_use]
    pub fn sqlite(mut self, file: &Path) -> Self {
        self.sqlite = Some(file.to_owned());
        self
    }

    /// Starts everything and waits until it is ready.
    ///
    /// # Errors
    /// When a server is not installed or something does not come up.
    pub async fn start(self) -> anyhow::Result<System> {
        let mut system = self.prepare()?;
        let names = system.part_names();
        for name in &names {
            system.launch(name)?;
        }
        for name in &names {
            system.await_ready(name).await?;
        }
        Ok(system)
    }

    /// Starts the servers and nothing of ours: [`System::launch`] does that, part by part.
    ///
    /// # Errors
    /// When a server is not installed or does not come up.
    pub fn prepare(self) -> anyhow::Result<System> {
        let folder = TempDir::new()?;
        if let Some(toml) = &self.configuration {
            std::fs::write(folder.join(CONFIGURATION), toml)?;
        }
        let (nats, database) = if self.shape.is_networked() {
            let server = match &self.mariadb {
                Some(server) => Arc::clone(server),
                None if self.own_mariadb => Arc::new(MariaDb::start()?),
                None => MariaDb::shared()?,
            };
            let url = server.database()?;
            let nats = if self.without_nats { None } else { Some(NatsServer::start()?) };
            (nats, Database::MariaDb(server, url))
        } else {
            let file = self.sqlite.clone().unwrap_or_else(|| folder.join("switchboard.db"));
            (None, Database::Sqlite(file))
        };
        let parts = self.parts(&folder, nats.as_ref(), &database)?;
        let shape = self.shape;
        let root_password = unique("opening sesame for all");
        Ok(System { parts, shape, database, nats, folder, root_password, binary: self.binary })
    }

    fn parts(
        &self,
        folder: &TempDir,
        nats: Option<&NatsServer>,
        database: &Database,
    ) -> anyhow::Result<Vec<Part>> {
        let part =
            |name: &str, command: &[&str], has_database: bool, listens: bool| -> anyhow::Result<Part> {
                let mut program = Program::new(folder.path(), command).binary(self.binary.as_deref());
                let own = |of: &Option<String>| of.as_ref().is_none_or(|of| of == name);
                for (_, variable, value) in self.envs.iter().filter(|(of, ..)| own(of)) {
                    program = program.env(variable, value.as_str());
                }
                if let Some(nats) = nats {
                    program = program.flag("--nats", self.bus_for(name, nats));
                }
                if has_database {
                    program = program.flag("--database", self.url_for(name, database));
                }
                let listen = if listens { Some(Port::reserve()?) } else { None };
                if let Some(port) = &listen {
                    program = program.flag("--listen", format!("127.0.0.1:{}", port.number()));
                    program = self.args.iter().fold(program, |program, arg| program.arg(arg));
                }
                Ok(Part { name: name.to_owned(), program, process: None, listen })
            };
        match self.shape {
            Shape::Embedded => Ok(vec![part("node-0", &["serve"], true, true)?]),
            Shape::Cluster => {
                (0..self.nodes).map(|n| part(&format!("node-{n}"), &["serve"], true, true)).collect()
            }
            Shape::Split => Ok(vec![
                part("dbmgr", &["dbmgr"], true, false)?,
                part("chat", &["automation", "chat"], false, false)?,
                part("faq", &["automation", "faq"], false, false)?,
                part("mat", &["automation", "mat"], false, false)?,
                part("web", &["web"], false, true)?,
            ]),
        }
    }
}

impl Setup {
    /// The database as this part reaches it.
    fn url_for(&self, part: &str, database: &Database) -> String {
        let detour = self.detours.iter().find(|(name, _)| name == part);
        match (detour, database) {
            (Some((_, port)), Database::MariaDb(server, url)) => {
                url.replace(&format!(":{}/", server.port()), &format!(":{port}/"))
            }
            _ => database.url(),
        }
    }

    /// NATS as this part reaches it.
    fn bus_for(&self, part: &str, nats: &NatsServer) -> String {
        let Some((_, proxy)) = self.bus_through.iter().find(|(name, _)| name == part) else {
            return nats.url();
        };
        proxy.aim(&format!("127.0.0.1:{}", nats.port()));
        format!("nats://{}", proxy.address())
    }
}
