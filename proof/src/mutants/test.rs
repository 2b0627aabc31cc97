//! One of the tests of whole systems, run against a build.

use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, bail, ensure};
use switchboard_faults::BROKEN;
use switchboard_testkit::MariaDb;
use switchboard_testkit::mariadb::SHARED_ENV;
use tokio::process::Command;
use tokio::time::timeout;

use super::check::Said;
use crate::faulty::{Build, Faulty};
use crate::record::root;

/// How long a test may take.
const LIMIT: Duration = Duration::from_secs(240);
/// Lines of causes that are told.
const CAUSES: usize = 4;

/// Runs the test of this name; answers what it said if it failed.
pub(super) async fn run(name: &str, faulty: &Faulty, build: Build<'_>) -> anyhow::Result<Said> {
    let Build::Faulty(program, broken) = build else { bail!("tests are run against builds of their own") };
    let mut command = Command::new(&faulty.tests);
    command
        .args(["--exact", name, "--nocapture"])
        .env("SWITCHBOARD_BIN", program)
        .env(SHARED_ENV, format!("mysql://root@127.0.0.1:{}", MariaDb::shared()?.port()))
        .env_remove(BROKEN)
        .current_dir(root())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    if let Some(mutant) = broken {
        command.env(BROKEN, mutant.name());
    }
    let out =
        timeout(LIMIT, command.output()).await.with_context(|| format!("{name}: not within {LIMIT:?}"))??;
    let (said, cried) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let ran = |word: &str| said.lines().any(|line| line.starts_with("test result:") && line.contains(word));
    if out.status.success() {
        ensure!(ran(" 1 passed"), "there is no test {name}: {said}");
        return Ok(None);
    }
    ensure!(ran(" 1 failed"), "{name} did not run: {said}{cried}");
    Ok(Some(reason(&said, &cried)))
}

/// The lines in which a test says why, and why that.
fn reason(said: &str, cried: &str) -> String {
    for (text, word) in [(said, "Error: "), (cried, "Error: "), (cried, "panicked at")] {
        let mut lines = text.lines().skip_while(|line| !line.contains(word));
        if let Some(first) = lines.next() {
            let causes = lines.skip_while(|line| line.trim().is_empty()).take(CAUSES);
            return causes.fold(first.to_owned(), |why, line| format!("{why} {}", line.trim()));
        }
    }
    "it failed without a word".into()
}
