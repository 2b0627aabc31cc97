//! The program that can be broken on purpose, built beside the one that people get.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use anyhow::{Context, anyhow, ensure};
use serde_json::Value;
use switchboard_faults::{BROKEN, Mutant};
use switchboard_testkit::system::Setup;

use crate::record::root;

/// The program that can be broken, and the whole-system tests.
#[derive(Debug, Clone)]
pub struct Faulty {
    /// The program.
    pub program: PathBuf,
    /// The tests of whole systems, which run any program.
    pub tests: PathBuf,
}

/// Which program a system runs.
#[derive(Debug, Clone, Copy)]
pub enum Build<'a> {
    /// The one that people get, or whatever `SWITCHBOARD_BIN` names.
    Shipped,
    /// One that can be broken, and is in this way, if in any.
    Faulty(&'a Path, Option<Mutant>),
}

impl Build<'_> {
    /// A system of this build.
    #[must_use]
    pub fn dress(self, setup: Setup) -> Setup {
        match self {
            Self::Shipped => setup,
            Self::Faulty(program, None) => setup.binary(program),
            Self::Faulty(program, Some(mutant)) => setup.binary(program).env(BROKEN, mutant.name()),
        }
    }
}

/// The folder in which `scripts/faulty` has left both.
pub const FAULTY: &str = "SWITCHBOARD_FAULTY";

/// Both from the folder that [`FAULTY`] names; or else builds them, in the dev profile (no other has the feature) and a
/// folder of their own, so that no program of another kind is overwritten. That takes minutes at the first time, and a
/// moment when nothing has changed.
///
/// # Errors
/// When they are not where [`FAULTY`] says, Cargo is not there, or the build fails.
pub async fn build() -> anyhow::Result<Faulty> {
    tokio::task::spawn_blocking(once).await?
}

fn once() -> anyhow::Result<Faulty> {
    static BUILT: OnceLock<Result<Faulty, String>> = OnceLock::new();
    let found = || match std::env::var_os(FAULTY) {
        Some(folder) => there(&root().join(folder)),
        None => cargo(),
    };
    let built = BUILT.get_or_init(|| found().map_err(|error| format!("{error:#}")));
    built.clone().map_err(|error| anyhow!(error))
}

fn there(folder: &Path) -> anyhow::Result<Faulty> {
    let find = |name: &str| {
        let path = folder.join(name);
        ensure!(path.is_file(), "{FAULTY}: no {}: run scripts/faulty {}", path.display(), folder.display());
        Ok(path)
    };
    Ok(Faulty { program: find("switchboard")?, tests: find("system")? })
}

fn cargo() -> anyhow::Result<Faulty> {
    let out = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["test", "--quiet", "--package", "switchboard", "--features", "faults", "--test", "system"])
        .args(["--no-run", "--message-format", "json", "--target-dir", "target/faults"])
        .current_dir(root())
        .output()
        .context("cargo")?;
    ensure!(out.status.success(), "the program cannot be built: {}", String::from_utf8_lossy(&out.stderr));
    let said = String::from_utf8(out.stdout)?;
    let artifacts = || said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let find = |kind: &str, name: &str| {
        let fits = |artifact: &Value| {
            artifact["target"]["name"] == name
                && artifact["target"]["kind"][0] == kind
                && artifact["executable"].is_string()
        };
        let found =
            artifacts().find(fits).and_then(|artifact| artifact["executable"].as_str().map(PathBuf::from));
        found.with_context(|| format!("cargo made no {kind} {name}"))
    };
    Ok(Faulty { program: find("bin", "switchboard")?, tests: find("test", "system")? })
}
