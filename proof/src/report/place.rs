//! Where and when a run took place, in the words of the machine.

use std::process::Command;

use anyhow::{Context, ensure};
use switchboard_testkit::process::find_program;
use switchboard_testkit::switchboard_binary;

use crate::record::root;

/// Kibibytes in a gibibyte.
const KIB_PER_GIB: f64 = 1024.0 * 1024.0;

/// Today, UTC.
pub fn date() -> anyhow::Result<String> {
    said("date", &["-u", "+%Y-%m-%d"])
}

/// The commit (and whether there was more than it holds), and the profile that the program was built with.
pub fn build() -> anyhow::Result<String> {
    let commit = said("git", &["rev-parse", "--short=10", "HEAD"])?;
    // Figures themselves are no change of what was measured.
    let changed = said("git", &["status", "--porcelain", "--", ".", ":!docs"])?;
    let state = if changed.is_empty() { "" } else { " with changes" };
    let program = switchboard_binary()?;
    let profile = program.parent().and_then(|folder| folder.file_name()).unwrap_or_default();
    Ok(format!("{commit}{state}, {} build", profile.to_string_lossy()))
}

/// Processor, memory, operating system, and the servers that took part.
pub fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = field("/proc/cpuinfo", "model name", ':').unwrap_or_else(|| "unknown processor".to_owned());
    let memory: f64 = field("/proc/meminfo", "MemTotal", ':')
        .and_then(|text| text.split_whitespace().next()?.parse().ok())
        .unwrap_or(0.0);
    let system = field("/etc/os-release", "PRETTY_NAME", '=').unwrap_or_else(|| "unknown system".to_owned());
    let kernel = said("uname", &["-sr"]).unwrap_or_default();
    let servers = [("nats-server", "nats-server"), ("mariadbd", "mariadb-server")]
        .iter()
        .filter_map(|(name, package)| version(name, package))
        .collect::<Vec<_>>();
    format!(
        "{cores} cores of {model}, {:.1} GiB, {}, {kernel}; {}",
        memory / KIB_PER_GIB,
        system.trim_matches('"'),
        servers.join(", ")
    )
}

/// `NAME VERSION`, of the first word in what the program says that begins with a digit.
fn version(name: &str, package: &str) -> Option<String> {
    let program = find_program(name, package).ok()?;
    let out = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8(out.stdout).ok()?;
    let word = text
        .split_whitespace()
        .map(|word| word.trim_start_matches('v'))
        .find(|word| word.starts_with(|first: char| first.is_ascii_digit()))?;
    Some(format!("{name} {word}"))
}

/// The value beside a name in a file of such lines.
fn field(path: &str, name: &str, mark: char) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(mark)?.1.trim().to_owned())
}

fn said(program: &str, args: &[&str]) -> anyhow::Result<String> {
    let out = Command::new(program)
        .args(args)
        .current_dir(root())
        .output()
        .with_context(|| format!("{program} cannot be run"))?;
    ensure!(out.status.success(), "{program} {args:?}: {}", String::from_utf8_lossy(&out.stderr));
    Ok(String::from_utf8(out.stdout)?.trim().to_owned())
}
