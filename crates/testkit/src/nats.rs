//! A real `nats-server`.

use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;

use crate::port::Port;
use crate::process::{Process, Signal, find_program};
use crate::temp::TempDir;
use crate::wait;

/// How long the server may take to answer its first PING.
const START: Duration = Duration::from_secs(20);
/// How long one probe may take.
const PROBE: Duration = Duration::from_millis(500);

/// The configuration, in the server's folder; flags count more.
const CONFIGURATION: &str = "nats.conf";

/// A `nats-server` on a port of its own, killed on drop.
#[derive(Debug)]
pub struct NatsServer {
    process: Mutex<Process>,
    port: Port,
    folder: TempDir,
}

impl NatsServer {
    /// Starts one and waits until it answers.
    ///
    /// # Errors
    /// When `nats-server` is not installed or does not come up within 20 s.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with("")
    }

    /// The same with a configuration, such as users and their permissions.
    ///
    /// # Errors
    /// As [`NatsServer::start`].
    pub fn start_with(configuration: &str) -> anyhow::Result<Self> {
        let (port, folder) = (Port::reserve()?, TempDir::new()?);
        std::fs::write(folder.join(CONFIGURATION), configuration)?;
        let process = Mutex::new(launch(&port, &folder)?);
        let server = Self { process, port, folder };
        server.await_ready()?;
        Ok(server)
    }

    /// Where clients connect: `nats://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port.number())
    }

    /// The port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port.number()
    }

    /// The number of its process.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.process().pid()
    }

    /// Kills it with SIGKILL; [`NatsServer::restart`] brings it back at the same address.
    ///
    /// # Errors
    /// When it does not go.
    pub fn kill(&self) -> anyhow::Result<()> {
        self.process().kill()
    }

    /// Starts it again (killing it first if it still runs) on the same port, and waits until it answers.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn restart(&self) -> anyhow::Result<()> {
        self.kill()?;
        self.launch()?;
        self.await_ready()
    }

    /// Starts it again on the same port after it has ended, without waiting until it answers.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn launch(&self) -> anyhow::Result<()> {
        let again = launch(&self.port, &self.folder)?;
        *self.process() = again;
        Ok(())
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Errors
    /// When it has ended before, or still runs after `deadline`.
    pub fn terminate(&self, deadline: Duration) -> anyhow::Result<()> {
        self.process().terminate(deadline).map(|_| ())
    }

    /// Whether it runs, frozen or not.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.process().ended().is_none()
    }

    /// Freezes it (SIGSTOP): connections stay open and nothing moves.
    ///
    /// # Errors
    /// When it has ended.
    pub fn pause(&self) -> anyhow::Result<()> {
        self.process().signal(Signal::Stop)
    }

    /// Thaws it (SIGCONT).
    ///
    /// # Errors
    /// When it has ended.
    pub fn resume(&self) -> anyhow::Result<()> {
        self.process().signal(Signal::Cont)
    }

    fn process(&self) -> MutexGuard<'_, Process> {
        self.process.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn await_ready(&self) -> anyhow::Result<()> {
        wait::until_blocking("nats-server", START, || answers(self.port()).is_ok())
            .with_context(|| self.process().last_words())
    }
}

fn launch(port: &Port, folder: &TempDir) -> anyhow::Result<Process> {
    let program = find_program("nats-server", "nats-server")?;
    let mut command = Command::new(program);
    command
        .args(["-c", CONFIGURATION, "-a", "127.0.0.1", "-p", &port.number().to_string()])
        .current_dir(folder.path());
    Process::spawn("nats-server", &mut command)
}

/// One round trip of NATS's own protocol: INFO, CONNECT, PING, PONG.
fn answers(port: u16) -> anyhow::Result<()> {
    let mut stream = TcpStream::connect_timeout(&(Ipv4Addr::LOCALHOST, port).into(), PROBE)?;
    stream.set_read_timeout(Some(PROBE))?;
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    lines.next().context("no INFO")??;
    stream.write_all(b"CONNECT {\"verbose\":false}\r\nPING\r\n")?;
    lines.next().context("no PONG")??;
    Ok(())
}
