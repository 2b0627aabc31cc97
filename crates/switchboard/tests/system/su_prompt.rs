//! `su add` at a terminal: asks twice, shows nothing.

use std::io::Write;
use std::process::{Command, Stdio};
use std::time::Duration;

use anyhow::{Context, ensure};
use switchboard_testkit::process::find_program;
use switchboard_testkit::{TempDir, switchboard_binary, unique, wait};

/// Runs `su add NAME` on a terminal made by util-linux's `script`; answers the exit status and what it showed.
fn at_a_terminal(folder: &TempDir, name: &str, answers: [&str; 2]) -> anyhow::Result<(i32, String)> {
    let script = find_program("script", "bsdutils")?;
    let program = switchboard_binary()?;
    let database = folder.join("prompt.db");
    let line = format!("{} su add {name} --database sqlite:{}", program.display(), database.display());
    let mut child = Command::new(script)
        .args(["--quiet", "--return", "--echo", "never", "--command", &line, "/dev/null"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().context("no stdin")?;
    for answer in answers {
        // Typed by hand: after the prompt, not before it. What is typed too early the prompt may throw away.
        std::thread::sleep(Duration::from_secs(1));
        writeln!(stdin, "{answer}")?;
    }
    wait::until_blocking("su at a terminal", Duration::from_secs(30), || {
        child.try_wait().is_ok_and(|status| status.is_some())
    })?;
    drop(stdin);
    let out = child.wait_with_output()?;
    Ok((out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stdout).into_owned()))
}

#[test]
fn asks_twice_and_echoes_nothing() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let secret = unique("typed by hand");
    let (code, shown) = at_a_terminal(&folder, "ada", [&secret, &secret])?;
    ensure!(code == 0, "status {code}: {shown}");
    ensure!(!shown.contains(&secret), "the password was shown: {shown}");
    ensure!(
        shown.to_lowercase().contains("password") && shown.matches(": ").count() >= 2,
        "asked once: {shown}"
    );
    let other = unique("typed otherwise");
    let (code, shown) = at_a_terminal(&folder, "bob", [&secret, &other])?;
    ensure!(code == 1, "two different passwords: status {code}: {shown}");
    Ok(())
}
