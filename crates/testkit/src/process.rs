//! A child process whose output is collected and which never outlives its handle.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};

use crate::{leash, wait};

/// Lines kept of one stream of a process; older ones are dropped.
const LINES_KEPT: usize = 20_000;
/// Ended processes of which the last words are kept.
const ENDED_KEPT: usize = 12;
/// How long a killed process may take to be gone.
const REAP: Duration = Duration::from_secs(10);

/// What can be sent to a process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGKILL: ends it at once, without a chance to tidy up.
    Kill,
    /// SIGTERM: asks it to end.
    Term,
    /// SIGINT: what Ctrl-C sends.
    Int,
    /// SIGSTOP: freezes it.
    Stop,
    /// SIGCONT: thaws it.
    Cont,
}

#[derive(Debug, Default)]
struct Lines {
    kept: Mutex<Vec<String>>,
    more: Condvar,
}

impl Lines {
    fn lock(&self) -> MutexGuard<'_, Vec<String>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn collect(self: &Arc<Self>, stream: impl Read + Send + 'static) {
        let lines = Arc::clone(self);
        std::thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let mut kept = lines.lock();
                if kept.len() >= LINES_KEPT {
                    kept.remove(0);
                }
                kept.push(line);
                lines.more.notify_all();
            }
        });
    }
}

/// A running (or ended) child process.
#[derive(Debug)]
pub struct Process {
    name: String,
    child: Child,
    stdout: Arc<Lines>,
    stderr: Arc<Lines>,
}

/// How long a process may take to stand still.
const STOP: Duration = Duration::from_secs(5);

impl Process {
    /// Starts `command` with no standard input and both outputs collected.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn spawn(name: &str, command: &mut Command) -> anyhow::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().with_context(|| format!("cannot start {name}: {command:?}"))?;
        leash::hold_process(child.id());
        let (stdout, stderr) = (Arc::new(Lines::default()), Arc::new(Lines::default()));
        if let Some(stream) = child.stdout.take() {
            stdout.collect(stream);
        }
        if let Some(stream) = child.stderr.take() {
            stderr.collect(stream);
        }
        Ok(Self { name: name.to_owned(), child, stdout, stderr })
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has written to standard output so far, line by line.
    #[must_use]
    pub fn stdout(&self) -> Vec<String> {
        self.stdout.lock().clone()
    }

    /// What it has written to standard error so far, line by line.
    #[must_use]
    pub fn stderr(&self) -> Vec<String> {
        self.stderr.lock().clone()
    }

    /// Waits for the first line of standard output for which `take` gives a value.
    ///
    /// # Errors
    /// When the process ends or `deadline` passes first; the message holds its last lines.
    pub fn wait_for_line<T>(
        &mut self,
        deadline: Duration,
        take: impl Fn(&str) -> Option<T>,
    ) -> anyhow::Result<T> {
        let start = Instant::now();
        loop {
            // Asked before looking, so that the last words of a process that has just ended are still seen.
            let ended = self.ended();
            {
                let kept = self.stdout.lock();
                if let Some(value) = kept.iter().find_map(|line| take(line)) {
                    return Ok(value);
                }
                drop(self.stdout.more.wait_timeout(kept, Duration::from_millis(50)));
            }
            if let Some(status) = ended {
                bail!("{} ended with {status}\n{}", self.name, self.last_words());
            }
            if start.elapsed() > deadline {
                bail!("{}: no such line within {deadline:?}\n{}", self.name, self.last_words());
            }
        }
    }

    /// The last lines of both outputs, for messages of failed tests.
    #[must_use]
    pub fn last_words(&self) -> String {
        let tail = |lines: Vec<String>| lines[lines.len().saturating_sub(40)..].join("\n");
        format!("--- stdout\n{}\n--- stderr\n{}", tail(self.stdout()), tail(self.stderr()))
    }

    /// Its exit status if it has ended.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        let status = self.child.try_wait().ok().flatten();
        if status.is_some() {
            leash::release_process(self.child.id());
        }
        status
    }

    /// Waits for its end.
    ///
    /// # Errors
    /// When it still runs after `deadline`.
    pub fn wait(&mut self, deadline: Duration) -> anyhow::Result<ExitStatus> {
        let what = format!("the end of {}", self.name);
        wait::until_blocking(&what, deadline, || self.ended().is_some())?;
        self.ended().ok_or_else(|| anyhow!("{what}: no status"))
    }

    /// Sends a signal.
    ///
    /// # Errors
    /// When the process has ended already.
    pub fn signal(&mut self, signal: Signal) -> anyhow::Result<()> {
        if let Some(status) = self.ended() {
            bail!("{} has ended with {status}\n{}", self.name, self.last_words());
        }
        let name = match signal {
            Signal::Kill => "KILL",
            Signal::Term => "TERM",
            Signal::Int => "INT",
            Signal::Stop => "STOP",
            Signal::Cont => "CONT",
        };
        // The shell's own `kill`: no unsafe code here, no package needed.
        let script = format!("kill -{name} {}", self.pid());
        let status = Command::new("/bin/sh").args(["-c", &script]).stderr(Stdio::null()).status()?;
        if !status.success() {
            bail!("{script} failed");
        }
        match signal {
            // The kernel stops the threads one after the other; until the last one it may still answer.
            Signal::Stop => wait::until_blocking("stopped", STOP, || self.is_stopped()),
            Signal::Kill | Signal::Term | Signal::Int | Signal::Cont => Ok(()),
        }
    }

    /// Whether every thread stands still (state T in /proc).
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        let Ok(threads) = std::fs::read_dir(format!("/proc/{}/task", self.pid())) else { return false };
        threads.flatten().all(|thread| {
            let stat = std::fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            // After the name, which stands in parentheses and may hold anything.
            stat.rsplit(')').next().is_some_and(|rest| rest.trim_start().starts_with('T'))
        })
    }

    /// Kills it with SIGKILL and waits until it is gone. Killing what has ended already is no error.
    ///
    /// # Errors
    /// When it does not go.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if self.ended().is_none() {
            self.child.kill().with_context(|| format!("cannot kill {}", self.name))?;
            self.wait(REAP)?;
        }
        Ok(())
    }

    /// Asks it to end with SIGTERM and waits.
    ///
    /// # Errors
    /// When it has ended before, or still runs after `deadline`.
    pub fn terminate(&mut self, deadline: Duration) -> anyhow::Result<ExitStatus> {
        self.signal(Signal::Term)?;
        self.wait(deadline)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        if self.kill().is_err() {
            // The leash still holds it and tries once more at the end of this process.
            return;
        }
        let words = format!("=== {} (pid {})\n{}", self.name, self.pid(), self.last_words());
        if std::thread::panicking() {
            eprintln!("{words}");
            return;
        }
        let mut ended = ended().lock().unwrap_or_else(PoisonError::into_inner);
        if ended.len() >= ENDED_KEPT {
            ended.pop_front();
        }
        ended.push_back(words);
    }
}

fn ended() -> &'static Mutex<VecDeque<String>> {
    static ENDED: Mutex<VecDeque<String>> = Mutex::new(VecDeque::new());
    &ENDED
}

/// Prints the last words of the processes that were dropped lately: for a test that has failed with an error, whose
/// processes are gone when the error is seen.
pub fn print_ended() {
    for words in ended().lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
        eprintln!("{words}");
    }
}

/// Finds a server's program in `PATH` and in the folders for system programs that a user's `PATH` often lacks.
///
/// # Errors
/// When it is nowhere; the message says which Debian package to install.
pub fn find_program(name: &str, package: &str) -> anyhow::Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let extra = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/local/bin", "/usr/bin"].map(PathBuf::from);
    std::env::split_paths(&path)
        .chain(extra)
        .map(|folder| folder.join(OsStr::new(name)))
        .find(|file| file.is_file())
        .ok_or_else(|| anyhow!("{name} is not installed: apt-get install {package}"))
}
