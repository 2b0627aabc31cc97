//! The `switchboard` program: running it, feeding it, reading its answers.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};

use crate::process::Process;
use crate::{leash, wait};

/// How long a component may take until it is ready, its first migration included.
pub const START: Duration = Duration::from_secs(60);
/// How long a command that ends by itself may take.
const FINISH: Duration = Duration::from_secs(60);

/// The program under test: `SWITCHBOARD_BIN`, or what Cargo built beside the running test.
///
/// # Errors
/// When neither exists.
pub fn switchboard_binary() -> anyhow::Result<PathBuf> {
    if let Some(path) =
        std::env::var_os("SWITCHBOARD_BIN").or_else(|| std::env::var_os("CARGO_BIN_EXE_switchboard"))
    {
        return Ok(path.into());
    }
    let test = std::env::current_exe()?;
    // target/debug/deps/system-… → target/debug/switchboard
    let beside =
        test.ancestors().skip(1).take(2).map(|folder| folder.join("switchboard")).find(|file| file.is_file());
    beside.context("no switchboard program: cargo build -p switchboard, or set SWITCHBOARD_BIN")
}

/// The one variable of the caller's own that reaches the program: which promise it is to break. Only a program that
/// was built for that heeds it (see the room `faults`); `prove mutants` runs the tests against such a one.
const BROKEN: &str = "SWITCHBOARD_BROKEN";

/// A call of the program, being put together.
#[derive(Debug, Clone)]
pub struct Program {
    binary: Option<PathBuf>,
    args: Vec<String>,
    envs: Vec<(String, String)>,
    folder: PathBuf,
}

/// How a command that ended by itself went.
#[derive(Debug)]
pub struct Done {
    /// The exit status; -1 when a signal ended it.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Program {
    /// `switchboard ARGS…`, run in `folder`, which also holds its data unless a flag says otherwise. The caller's
    /// own `SWITCHBOARD_…` variables do not reach it, but for `SWITCHBOARD_BROKEN`.
    #[must_use]
    pub fn new(folder: &Path, args: &[&str]) -> Self {
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        Self { binary: None, args, envs: Vec::new(), folder: folder.to_owned() }
    }

    /// Another build than [`switchboard_binary`].
    #[must_use]
    pub fn binary(mut self, binary: Option<&Path>) -> Self {
        self.binary = binary.map(Path::to_owned);
        self
    }

    /// One more argument.
    #[must_use]
    pub fn arg(mut self, arg: impl Into<String>) -> Self {
        self.args.push(arg.into());
        self
    }

    /// A flag and its value.
    #[must_use]
    pub fn flag(self, name: &str, value: impl Into<String>) -> Self {
        self.arg(name).arg(value)
    }

    /// An environment variable.
    #[must_use]
    pub fn env(mut self, name: &str, value: impl Into<String>) -> Self {
        self.envs.push((name.to_owned(), value.into()));
        self
    }

    /// Starts a component and leaves it running.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(&self) -> anyhow::Result<Process> {
        let name = format!("switchboard {}", self.args.first().map_or("", String::as_str));
        Process::spawn(&name, &mut self.command()?)
    }

    /// Starts a component and waits for the line with which it says that it is ready: `listening on http://ADDR`
    /// (answered: ADDR) or `ready` (answered: empty).
    ///
    /// # Errors
    /// When it ends first or takes longer than [`START`].
    pub fn spawn_ready(&self) -> anyhow::Result<(Process, String)> {
        let mut process = self.spawn()?;
        let address =
            process.wait_for_line(START, |line| match line.strip_prefix("listening on http://") {
                Some(address) => Some(address.trim_end_matches('/').to_owned()),
                None => (line.trim() == "ready").then(String::new),
            })?;
        Ok((process, address))
    }

    /// Runs a command to its end, with `input` on standard input.
    ///
    /// # Errors
    /// When it cannot be started or does not end within 60 s; any exit status is an answer.
    pub fn run(&self, input: &str) -> anyhow::Result<Done> {
        let mut command = self.command()?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().context("switchboard")?;
        let pid = child.id();
        leash::hold_process(pid);
        if let Some(mut stdin) = child.stdin.take() {
            // A command that refuses early does not read its input; that is its good right.
            let _ = stdin.write_all(input.as_bytes());
        }
        let waiting = std::thread::spawn(move || child.wait_with_output());
        let ended = wait::until_blocking(&format!("{:?}", self.args), FINISH, || waiting.is_finished());
        if let Err(error) = ended {
            let _ = Command::new("/bin/sh").args(["-c", &format!("kill -9 {pid}")]).status();
            return Err(error);
        }
        let Ok(out) = waiting.join() else { bail!("{:?}: its output could not be read", self.args) };
        leash::release_process(pid);
        let out = out?;
        Ok(Done {
            code: out.status.code().unwrap_or(-1),
            stdout: String::from_utf8(out.stdout)?,
            stderr: String::from_utf8(out.stderr)?,
        })
    }

    /// The command as the operating system gets it.
    ///
    /// # Errors
    /// When the program is not built.
    pub fn command(&self) -> anyhow::Result<Command> {
        let mut command = match &self.binary {
            Some(binary) => Command::new(binary),
            None => Command::new(switchboard_binary()?),
        };
        let ours = |name: &str| name.starts_with("SWITCHBOARD_") && name != BROKEN;
        for (name, _) in std::env::vars().filter(|(name, _)| ours(name)) {
            command.env_remove(name);
        }
        command.args(&self.args).envs(self.envs.iter().cloned()).current_dir(&self.folder);
        Ok(command)
    }
}

impl Done {
    /// Standard output, if the status was 0.
    ///
    /// # Errors
    /// When it was another one.
    pub fn ok(&self) -> anyhow::Result<&str> {
        if self.code != 0 {
            bail!("exit status {} instead of 0: {}{}", self.code, self.stdout, self.stderr);
        }
        Ok(&self.stdout)
    }

    /// The one line of standard error with which a command refuses (exit status 1).
    ///
    /// # Errors
    /// When the status was another one, or the line is not exactly one.
    pub fn refusal(&self) -> anyhow::Result<&str> {
        let lines: Vec<&str> = self.stderr.lines().filter(|line| !line.trim().is_empty()).collect();
        match (self.code, lines.as_slice()) {
            (1, [line]) => Ok(line),
            _ => bail!(
                "status {} and {} lines instead of 1 and 1: {}{}",
                self.code,
                lines.len(),
                self.stdout,
                self.stderr
            ),
        }
    }
}
