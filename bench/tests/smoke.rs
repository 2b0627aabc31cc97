//! A smoke run of benchmarks, so that the bench cannot rot. The figures mean nothing here.

use std::process::Command;

use anyhow::ensure;

/// Runs one benchmark for a moment; answers what it printed.
fn quick(id: &str) -> anyhow::Result<String> {
    let out = Command::new(env!("CARGO_BIN_EXE_bench")).args([id, "--quick"]).output()?;
    let (said, log) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    ensure!(out.status.success(), "{said}\n{log}");
    Ok(said.into_owned())
}

#[test]
fn start() -> anyhow::Result<()> {
    let said = quick("B12")?;
    ensure!(said.contains("exec to ready") && said.contains("resident at idle"), "{said}");
    Ok(())
}

#[test]
fn an_unknown_benchmark_is_refused_with_those_that_there_are() -> anyhow::Result<()> {
    let out = Command::new(env!("CARGO_BIN_EXE_bench")).arg("B99").output()?;
    ensure!(!out.status.success() && String::from_utf8_lossy(&out.stderr).contains("B12"));
    Ok(())
}

#[test]
fn throughput() -> anyhow::Result<()> {
    let said = quick("B02")?;
    ensure!(said.contains("bare pipeline on MariaDB and NATS") && said.contains("MariaDB alone"), "{said}");
    Ok(())
}

#[test]
fn throughput_embedded() -> anyhow::Result<()> {
    let said = quick("B02s")?;
    ensure!(said.contains("bare pipeline on SQLite") && said.contains("SQLite alone"), "{said}");
    Ok(())
}

#[test]
fn latency() -> anyhow::Result<()> {
    let said = quick("B03")?;
    ensure!(said.contains("p99 to delivery") && quick("B04")?.contains("under way at the end"), "{said}");
    Ok(())
}

#[test]
fn pages() -> anyhow::Result<()> {
    let said = quick("B07")?;
    ensure!(said.contains("the last page") && said.contains("bare reader"), "{said}");
    let said = quick("B08")?;
    ensure!(said.contains("50 rows of resolved") && said.contains("the seek in the index alone"), "{said}");
    Ok(())
}

#[test]
fn growth() -> anyhow::Result<()> {
    let said = quick("B13")?;
    ensure!(said.contains("16000 messages, a message written"), "{said}");
    Ok(())
}

#[test]
fn routing() -> anyhow::Result<()> {
    let said = quick("B10")?;
    ensure!(said.contains("the rule read naively") && said.contains("to the agent's console"), "{said}");
    Ok(())
}

#[test]
fn sign_in() -> anyhow::Result<()> {
    let said = quick("B11")?;
    ensure!(said.contains("comparing passwords alone") && said.contains("visitors arriving"), "{said}");
    Ok(())
}
