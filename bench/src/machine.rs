//! The machine and the versions on which a result was measured.

use std::process::Command;

use serde::{Deserialize, Serialize};
use switchboard_testkit::process::find_program;

/// Where a result was measured.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The processor's own name.
    pub cpu: String,
    /// How many cores there are.
    pub cores: usize,
    /// In GiB, rounded.
    pub memory_gib: u64,
    /// The kernel's release.
    pub kernel: String,
    /// `mariadbd --version`, shortened.
    pub mariadb: String,
    /// `nats-server --version`, shortened.
    pub nats: String,
    /// `rustc --version`.
    pub rustc: String,
}

impl Machine {
    /// This one. What cannot be found out is `unknown`.
    #[must_use]
    pub fn here() -> Self {
        let cpuinfo = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let meminfo = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
        let value = |text: &str, key: &str| {
            let line = text.lines().find_map(|line| line.strip_prefix(key));
            line.map(|line| line.trim_start_matches([':', ' ', '\t']).trim().to_owned())
        };
        let kib = value(&meminfo, "MemTotal").and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
        let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").ok();
        Self {
            cpu: value(&cpuinfo, "model name").unwrap_or_else(unknown),
            cores: cpuinfo.lines().filter(|line| line.starts_with("processor")).count(),
            memory_gib: kib.map_or(0, |kib| (kib + 512 * 1024) / (1024 * 1024)),
            kernel: kernel.map_or_else(unknown, |text| text.trim().to_owned()),
            mariadb: version("mariadbd", "mariadb-server"),
            nats: version("nats-server", "nats-server"),
            rustc: said(Command::new("rustc").arg("--version")).unwrap_or_else(unknown),
        }
    }
}

fn unknown() -> String {
    "unknown".into()
}

/// The version number in what a program says about itself.
fn version(name: &str, package: &str) -> String {
    let text = find_program(name, package).ok().and_then(|path| said(Command::new(path).arg("--version")));
    let number = |word: &&str| word.trim_start_matches('v').starts_with(|c: char| c.is_ascii_digit());
    let text = text.unwrap_or_default();
    let found = text.split([' ', ',']).find(number);
    found.map_or_else(unknown, |word| word.trim_start_matches('v').to_owned())
}

fn said(command: &mut Command) -> Option<String> {
    let out = command.output().ok().filter(|out| out.status.success())?;
    let text = if out.stdout.is_empty() { out.stderr } else { out.stdout };
    Some(String::from_utf8_lossy(&text).trim().to_owned())
}

/// Today, `YYYY-MM-DD`.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the date of a result is the day on which it was measured")]
pub fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_a_processor_and_the_servers() {
        let here = Machine::here();
        assert!(here.cores > 0 && here.cpu != "unknown" && here.kernel != "unknown", "{here:?}");
        assert!(here.mariadb.starts_with(|c: char| c.is_ascii_digit()), "{here:?}");
        assert!(today().starts_with("20"));
    }
}
