//! A real `mariadbd` with durable settings.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::id::unique;
use crate::port::Port;
use crate::process::{Process, Signal, find_program};
use crate::temp::TempDir;
use crate::wait;

/// How long the server may take to accept connections, crash recovery included.
const START: Duration = Duration::from_secs(60);
/// Names a server that somebody else started for the whole run: `mysql://USER@127.0.0.1:PORT`.
pub const SHARED_ENV: &str = "SWITCHBOARD_TEST_MYSQL";

/// A MariaDB server: one of our own, killed on drop, or one that the test run shares.
#[derive(Debug)]
pub struct MariaDb {
    port: u16,
    own: Option<Own>,
}

#[derive(Debug)]
struct Own {
    process: Mutex<Process>,
    port: Port,
    folder: TempDir,
    size: Size,
    extras: Extras,
}

/// How much a server is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// InnoDB's buffer pool, in MiB.
    pub buffer_pool_mib: u32,
    /// InnoDB's log, in MiB.
    pub log_mib: u32,
    /// Connections at a time.
    pub connections: u32,
}

impl Size {
    /// For tests: starts at once.
    pub const SMALL: Self = Self { buffer_pool_mib: 64, log_mib: 8, connections: 400 };
}

/// How a server differs from the usual one.
#[derive(Debug, Clone, Default)]
pub struct Extras {
    /// Where its data is, instead of in a fresh folder.
    pub data: Option<PathBuf>,
    /// Environment variables.
    pub envs: Vec<(String, String)>,
    /// Further arguments.
    pub args: Vec<String>,
}

impl Own {
    fn data(&self) -> PathBuf {
        data(&self.folder, &self.extras)
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MariaDb {
    /// Starts a server of our own in a fresh folder; takes about a second. For tests that kill it.
    ///
    /// # Errors
    /// When MariaDB is not installed or does not come up within 60 s.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_sized(Size::SMALL)
    }

    /// The same, of another size.
    ///
    /// # Errors
    /// As [`MariaDb::start`].
    pub fn start_sized(size: Size) -> anyhow::Result<Self> {
        Self::start_with(size, Extras::default())
    }

    /// The same, and different from the usual one.
    ///
    /// # Errors
    /// As [`MariaDb::start`].
    pub fn start_with(size: Size, extras: Extras) -> anyhow::Result<Self> {
        let (port, folder) = (Port::reserve()?, TempDir::new()?);
        install(&folder, &extras)?;
        let process = Mutex::new(launch(&port, &folder, size, &extras)?);
        let server = Self { port: port.number(), own: Some(Own { process, port, folder, size, extras }) };
        server.await_ready()?;
        Ok(server)
    }

    /// The server that all tests of this process share: the one named by [`SHARED_ENV`] if it is set (the test
    /// runner's set-up script does so), otherwise one that this process starts at the first call.
    ///
    /// # Errors
    /// As [`MariaDb::start`], or when [`SHARED_ENV`] is malformed.
    pub fn shared() -> anyhow::Result<Arc<Self>> {
        static SHARED: OnceLock<Mutex<Option<Arc<MariaDb>>>> = OnceLock::new();
        let mut slot = SHARED.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = slot.as_ref() {
            return Ok(Arc::clone(server));
        }
        let server = Arc::new(match std::env::var(SHARED_ENV) {
            Ok(url) => {
                let port = url.rsplit(':').next().and_then(|port| port.trim_end_matches('/').parse().ok());
                Self { port: port.with_context(|| format!("{SHARED_ENV}={url} has no port"))?, own: None }
            }
            Err(_) => Self::start()?,
        });
        *slot = Some(Arc::clone(&server));
        Ok(server)
    }

    /// Makes an empty database and answers its URL, `mysql://root@127.0.0.1:PORT/NAME`.
    ///
    /// # Errors
    /// When the server is away.
    pub fn database(&self) -> anyhow::Result<String> {
        let name = unique("t").replace('-', "_");
        self.sql("", &format!("CREATE DATABASE {name} CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"))?;
        Ok(format!("mysql://root@127.0.0.1:{}/{name}", self.port))
    }

    /// Runs statements with the `mariadb` client, as an operator would; answers its tab-separated output, one
    /// row a line, without headings.
    ///
    /// # Errors
    /// When the server is away or refuses a statement; the message is the client's.
    pub fn sql(&self, database: &str, statements: &str) -> anyhow::Result<String> {
        let client = find_program("mariadb", "mariadb-client")?;
        let port = self.port.to_string();
        let out = Command::new(client)
            .args([
                "--no-defaults",
                "-uroot",
                "-h127.0.0.1",
                "-P",
                &port,
                "--protocol=tcp",
                "--connect-timeout=5",
            ])
            .args(["--batch", "--raw", "--skip-column-names", "--default-character-set=utf8mb4"])
            .args(["-e", statements, database])
            .output()?;
        if !out.status.success() {
            bail!("{statements}: {}", String::from_utf8_lossy(&out.stderr).trim());
        }
        Ok(String::from_utf8(out.stdout)?)
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The number of its process, unless it is the shared one.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.own.as_ref().map(|own| own.process().pid())
    }

    /// Kills it with SIGKILL; the data stays for [`MariaDb::restart`].
    ///
    /// # Errors
    /// When the server is the shared one.
    pub fn kill(&self) -> anyhow::Result<()> {
        self.own()?.process().kill()
    }

    /// Starts it again (killing it first if it still runs) on the same port and data, and waits until it answers.
    ///
    /// # Errors
    /// When the server is the shared one or does not come up.
    pub fn restart(&self) -> anyhow::Result<()> {
        self.kill()?;
        self.launch()?;
        self.await_ready()
    }

    /// Starts it again on the same port and data after it has ended, without waiting until it answers.
    ///
    /// # Errors
    /// When the server is the shared one or cannot be started.
    pub fn launch(&self) -> anyhow::Result<()> {
        let own = self.own()?;
        let again = launch(&own.port, &own.folder, own.size, &own.extras)?;
        *own.process() = again;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    /// When the server is the shared one, has ended before, or still runs after `deadline`.
    pub fn terminate(&self, deadline: Duration) -> anyhow::Result<()> {
        self.own()?.process().terminate(deadline).map(|_| ())
    }

    /// Whether it runs, frozen or not; the shared one does.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.own.as_ref().is_none_or(|own| own.process().ended().is_none())
    }

    /// Freezes it (SIGSTOP).
    ///
    /// # Errors
    /// When the server is the shared one or has ended.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.own()?.process().signal(Signal::Stop)
    }

    /// Thaws it (SIGCONT).
    ///
    /// # Errors
    /// When the server is the shared one or has ended.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.own()?.process().signal(Signal::Cont)
    }

    /// What the present process has written to its log; nothing of the shared one.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.own.as_ref().map(|own| own.process().stderr()).unwrap_or_default()
    }

    /// Where its data is, unless it is the shared one.
    #[must_use]
    pub fn data(&self) -> Option<PathBuf> {
        self.own.as_ref().map(Own::data)
    }

    fn own(&self) -> anyhow::Result<&Own> {
        self.own
            .as_ref()
            .context("this server is shared by the whole run: use MariaDb::start() to disturb it")
    }

    fn await_ready(&self) -> anyhow::Result<()> {
        wait::until_blocking("mariadbd", START, || self.sql("", "SELECT 1").is_ok())
            .with_context(|| self.own.as_ref().map(|own| own.process().last_words()).unwrap_or_default())
    }
}

/// Half a second; copying a prepared folder takes as long, so there is no template.
fn install(folder: &TempDir, extras: &Extras) -> anyhow::Result<()> {
    let program = find_program("mariadb-install-db", "mariadb-server")?;
    let out = Command::new(program)
        .args(["--no-defaults", "--auth-root-authentication-method=normal", "--innodb-log-file-size=8M"])
        .arg(format!("--datadir={}", data(folder, extras).display()))
        // Its temporary tables are named after process numbers, which repeat where containers share a folder.
        .arg(format!("--tmpdir={}", folder.path().display()))
        .args(as_user())
        .output()?;
    if !out.status.success() {
        bail!(
            "mariadb-install-db: {}{}",
            String::from_utf8_lossy(&out.stdout),
            String::from_utf8_lossy(&out.stderr)
        );
    }
    Ok(())
}

fn launch(port: &Port, folder: &TempDir, size: Size, extras: &Extras) -> anyhow::Result<Process> {
    let mut command = Command::new(find_program("mariadbd", "mariadb-server")?);
    command
        .arg("--no-defaults")
        .arg(format!("--datadir={}", data(folder, extras).display()))
        .arg(format!("--tmpdir={}", folder.path().display()))
        .arg(format!("--socket={}", folder.join("socket").display()))
        .arg(format!("--pid-file={}", folder.join("pid").display()))
        .arg(format!("--port={}", port.number()))
        .args([
            "--bind-address=127.0.0.1",
            "--skip-name-resolve",
            "--skip-log-bin",
            "--performance-schema=OFF",
        ])
        // Durable, as in production.
        .arg("--innodb-flush-log-at-trx-commit=1")
        .arg(format!("--innodb-log-file-size={}M", size.log_mib))
        .arg(format!("--innodb-buffer-pool-size={}M", size.buffer_pool_mib))
        .arg(format!("--max-connections={}", size.connections))
        .args(&extras.args)
        .envs(extras.envs.iter().cloned())
        .args(as_user());
    Process::spawn("mariadbd", &mut command)
}

fn data(folder: &TempDir, extras: &Extras) -> PathBuf {
    extras.data.clone().unwrap_or_else(|| folder.join("data"))
}

/// `mariadbd` refuses to run as root unless told to.
fn as_user() -> Option<&'static str> {
    let root =
        std::fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
    root.then_some("--user=root")
}
