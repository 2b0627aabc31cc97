//! ejabberd as Debian packages it, with its message archive (mod_mam) on the benchmarks' MariaDB, listening for XMPP
//! over WebSocket (RFC 7395).
//!
//! It runs in a temporary folder with a configuration of ours: plain passwords in SQL, so that a sign-in costs it a
//! look-up and no hashing; the archive always on; stream management; nothing else that would cost it memory. It is an
//! Erlang node without distribution, so that it needs no epmd and no name.

use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, ensure};
use switchboard_testkit::process::find_program;
use switchboard_testkit::{MariaDb, Port, Process, TempDir, wait};

use crate::place::on_tested_core;

/// Its domain.
pub const DOMAIN: &str = "localhost";
/// How long it may take until it listens.
const START: Duration = Duration::from_secs(60);
/// How long one probe may take.
const PROBE: Duration = Duration::from_millis(500);
/// Its name and password in the database.
const ACCOUNT: &str = "ejabberd";
/// Where Debian puts the tables.
const TABLES: &str = "/usr/share/ejabberd/sql/mysql.sql";
/// Where Debian puts libraries, a folder for each architecture.
const LIBRARIES: &str = "/usr/lib";
/// Connections to the database; its own default.
const POOL: usize = 10;

/// A running ejabberd.
#[derive(Debug)]
pub struct Ejabberd {
    process: Process,
    port: Port,
    folder: TempDir,
    mariadb: Arc<MariaDb>,
    database: String,
}

/// The name of the `n`th account.
#[must_use]
pub fn account(n: usize) -> String {
    format!("u{n}")
}

/// The password of the `n`th account.
#[must_use]
pub fn password(n: usize) -> String {
    format!("password-{n}")
}

/// Whether Debian's packages of it are here.
#[must_use]
pub fn is_installed() -> bool {
    std::fs::exists(TABLES).unwrap_or(false)
}

impl Ejabberd {
    /// Makes its database with `accounts` accounts, [`account`] `0..accounts`, and starts it on the tested core.
    ///
    /// # Errors
    /// When it is not installed or does not come up.
    pub fn start(mariadb: &Arc<MariaDb>, accounts: usize) -> anyhow::Result<Self> {
        let (port, folder) = (Port::reserve()?, TempDir::new()?);
        let url = mariadb.database()?;
        let database = url.rsplit('/').next().context("the database has no name")?.to_owned();
        let tables = std::fs::read_to_string(TABLES)
            .with_context(|| format!("{TABLES}: apt-get install ejabberd erlang-p1-mysql"))?;
        mariadb.sql(&database, &tables)?;
        mariadb.sql(
            &database,
            &format!(
                "CREATE USER IF NOT EXISTS {ACCOUNT}@'127.0.0.1' IDENTIFIED BY '{ACCOUNT}'; \
                 GRANT ALL ON {database}.* TO {ACCOUNT}@'127.0.0.1'; \
                 INSERT INTO users (username, password) \
                 SELECT CONCAT('u', seq - 1), CONCAT('password-', seq - 1) FROM seq_1_to_{accounts}"
            ),
        )?;
        let yaml = configuration(port.number(), mariadb.port(), &database);
        std::fs::write(folder.join("ejabberd.yml"), yaml)?;
        let process = launch(&folder)?;
        let mut server = Self { process, port, folder, mariadb: Arc::clone(mariadb), database };
        server.await_ready()?;
        Ok(server)
    }

    /// Kills it as a crash would and starts it again.
    ///
    /// # Errors
    /// When it does not come up again.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.process.kill()?;
        self.process = launch(&self.folder)?;
        self.await_ready()
    }

    /// Kills it as a crash would.
    ///
    /// # Errors
    /// When it does not go.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.process.kill()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        SocketAddr::from((Ipv4Addr::LOCALHOST, self.port.number()))
    }

    /// Its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Runs statements in its database.
    ///
    /// # Errors
    /// When one is refused.
    pub fn sql(&self, statements: &str) -> anyhow::Result<String> {
        self.mariadb.sql(&self.database, statements)
    }

    fn await_ready(&mut self) -> anyhow::Result<()> {
        let address = self.address();
        wait::until_blocking("ejabberd", START, || TcpStream::connect_timeout(&address, PROBE).is_ok())
            .with_context(|| self.process.last_words())?;
        ensure!(self.process.ended().is_none(), "ejabberd has ended\n{}", self.process.last_words());
        Ok(())
    }
}

fn launch(folder: &TempDir) -> anyhow::Result<Process> {
    let mut command = Command::new(find_program("erl", "erlang-base")?);
    // As ejabberdctl would: kernel polling, a quarter of a million processes, descriptors as the system allows.
    command
        .args(["+K", "true", "+P", "250000", "-noinput", "-mnesia", "dir"])
        .arg(format!("\"{}\"", folder.join("spool").display()))
        .args(["-s", "ejabberd"])
        .env("ERL_LIBS", libraries()?)
        .env("ERL_MAX_PORTS", "32000")
        .env("ERL_CRASH_DUMP_BYTES", "0")
        .env("EJABBERD_CONFIG_PATH", folder.join("ejabberd.yml"))
        .env("EJABBERD_LOG_PATH", folder.join("ejabberd.log"))
        .env("HOME", folder.path())
        .current_dir(folder.path());
    on_tested_core(|| Process::spawn("ejabberd", &mut command))
}

/// The folder in which the package's own folder lies, which depends on the architecture.
fn libraries() -> anyhow::Result<PathBuf> {
    let holds = |folder: &Path| {
        let names = std::fs::read_dir(folder).ok()?.flatten().map(|entry| entry.file_name());
        names.into_iter().any(|name| name.to_string_lossy().starts_with("ejabberd-")).then_some(())
    };
    let folders = std::fs::read_dir(LIBRARIES)?.flatten().map(|entry| entry.path());
    let mut found = folders.filter(|folder| holds(folder).is_some());
    found.next().context("ejabberd is not installed: apt-get install ejabberd erlang-p1-mysql")
}

fn configuration(port: u16, database_port: u16, database: &str) -> String {
    format!(
        "loglevel: warning
hosts:
  - {DOMAIN}
listen:
  -
    port: {port}
    ip: \"127.0.0.1\"
    module: ejabberd_http
    tls: false
    backlog: 4096
    request_handlers:
      /ws: ejabberd_http_ws
websocket_ping_interval: 20 s
websocket_timeout: 45 s
auth_method: sql
auth_password_format: plain
default_db: sql
sql_type: mysql
sql_server: 127.0.0.1
sql_port: {database_port}
sql_database: {database}
sql_username: {ACCOUNT}
sql_password: {ACCOUNT}
sql_pool_size: {POOL}
modules:
  mod_mam:
    db_type: sql
    default: always
    assume_mam_usage: true
  mod_stream_mgmt: {{}}
"
    )
}
