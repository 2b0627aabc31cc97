//! B12: from exec to ready on an existing, empty database; memory at idle; the program's size.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::Context;
use switchboard_testkit::process::find_program;
use switchboard_testkit::{Database, NatsServer, Port, Process, Program, TempDir, switchboard_binary};

use super::Benchmark;
use crate::measurement::{Goal, Measurement, Outcome};
use crate::place::on_tested_core;
use crate::product;
use crate::rounds::{Contestant, Rounds};
use crate::setting::Setting;
use crate::usage;

/// Start, memory and size.
pub const BENCHMARK: Benchmark = Benchmark { id: "B12", title: "start, memory at idle, size", run };

/// How long a start may take before the benchmark gives up.
const START: Duration = Duration::from_secs(20);
/// How long a program rests before its memory is read.
const REST: Duration = Duration::from_secs(2);
const MIB: f64 = 1024.0 * 1024.0;

/// One start.
struct Started {
    ms: f64,
    idle_mib: f64,
}

fn run(setting: &Setting) -> anyhow::Result<Outcome> {
    let mariadb = product::mariadb()?;
    let nats = on_tested_core(NatsServer::start)?;
    let folder = TempDir::new()?;
    let embedded = Database::Sqlite(folder.join("switchboard.db"));
    let networked = Database::MariaDb(std::sync::Arc::clone(&mariadb), mariadb.database()?);
    for database in [&embedded, &networked] {
        Program::new(folder.path(), &["migrate"]).flag("--database", database.url()).run("")?.ok()?;
    }
    let contestants = vec![
        Contestant::new("serve on SQLite", || serve(setting, &folder, &embedded, None)),
        Contestant::new("serve on MariaDB and NATS", || serve(setting, &folder, &networked, Some(&nats))),
        Contestant::new("nats-server", || bus(setting)),
    ];
    let rounds = Rounds::measure(setting, contestants)?;
    let mut measurements = Vec::new();
    for name in ["serve on SQLite", "serve on MariaDB and NATS"] {
        let compared = rounds.compare(name, "nats-server", |one| one.ms)?;
        let start = Measurement::compared(format!("{name}: exec to ready"), "ms", &compared);
        measurements.push(start.goal(Goal::RatioAtMost(1.5)).control(rounds.control(|one| one.ms)));
        measurements.push(
            Measurement::new(format!("{name}: exec to ready"), "ms", compared.ours).goal(Goal::AtMost(150.0)),
        );
        let idle = rounds.compare(name, "nats-server", |one| one.idle_mib)?;
        let idle = Measurement::compared(format!("{name}: resident at idle"), "MiB", &idle);
        measurements.push(idle.goal(Goal::AtMost(25.0)));
    }
    let (ours, theirs) = (
        size(&stripped(&folder, &switchboard_binary()?)?)?,
        size(&find_program("nats-server", "nats-server")?)?,
    );
    let mut program = Measurement::new("the program, stripped", "MiB", ours).goal(Goal::AtMost(25.0));
    program.against = Some("nats-server".into());
    (program.theirs, program.ratio) = (Some(theirs), Some(ours / theirs));
    measurements.push(program);
    Ok(Outcome { measurements, curves: vec![] })
}

/// Starts the program, from exec to the first successful `/readyz`.
fn serve(
    setting: &Setting,
    folder: &TempDir,
    database: &Database,
    nats: Option<&NatsServer>,
) -> anyhow::Result<Started> {
    let port = Port::reserve()?;
    let address = format!("127.0.0.1:{}", port.number());
    let mut program = Program::new(folder.path(), &["serve"]).flag("--database", database.url());
    program = program.flag("--listen", &address);
    if let Some(nats) = nats {
        program = program.flag("--nats", nats.url());
    }
    let mut command = program.command()?;
    let began = Instant::now();
    let process = on_tested_core(|| Process::spawn("switchboard serve", &mut command))?;
    until(began, || ready(&address))?;
    rested(setting, &process, began.elapsed())
}

/// Starts nats-server, from exec to the first answered PING.
fn bus(setting: &Setting) -> anyhow::Result<Started> {
    let port = Port::reserve()?;
    let mut command = Command::new(find_program("nats-server", "nats-server")?);
    command.args(["-a", "127.0.0.1", "-p", &port.number().to_string()]);
    let began = Instant::now();
    let process = on_tested_core(|| Process::spawn("nats-server", &mut command))?;
    until(began, || pong(port.number()))?;
    rested(setting, &process, began.elapsed())
}

fn rested(setting: &Setting, process: &Process, took: Duration) -> anyhow::Result<Started> {
    std::thread::sleep(if setting.quick { setting.window } else { REST });
    let idle_mib = usage::resident(process.pid())? as f64 / MIB;
    Ok(Started { ms: took.as_secs_f64() * 1e3, idle_mib })
}

/// Asks without a pause: a pause would be part of what is measured, and the load has a core of its own.
fn until(began: Instant, mut there: impl FnMut() -> anyhow::Result<()>) -> anyhow::Result<()> {
    loop {
        match there() {
            Ok(()) => return Ok(()),
            Err(error) if began.elapsed() > START => return Err(error.context("it does not start")),
            Err(_) => std::thread::sleep(Duration::from_micros(200)),
        }
    }
}

fn ready(address: &str) -> anyhow::Result<()> {
    let answer =
        exchange(address, &format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))?;
    anyhow::ensure!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    Ok(())
}

fn pong(port: u16) -> anyhow::Result<()> {
    let answer = exchange(&format!("127.0.0.1:{port}"), "CONNECT {\"verbose\":false}\r\nPING\r\n")?;
    anyhow::ensure!(answer.contains("PONG"), "{answer}");
    Ok(())
}

/// Says something and reads until the other side has said a line like an answer, or ends.
fn exchange(address: &str, text: &str) -> anyhow::Result<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(address)?;
    stream.set_read_timeout(Some(START))?;
    stream.write_all(text.as_bytes())?;
    let (mut answer, mut buffer) = (String::new(), [0; 4096]);
    loop {
        let read = stream.read(&mut buffer)?;
        answer.push_str(&String::from_utf8_lossy(buffer.get(..read).unwrap_or_default()));
        if read == 0 || answer.contains("PONG") || answer.starts_with("HTTP/1.1") {
            return Ok(answer);
        }
    }
}

/// A copy without symbols, as it would be packaged.
fn stripped(folder: &TempDir, program: &Path) -> anyhow::Result<std::path::PathBuf> {
    let copy = folder.join("stripped");
    std::fs::copy(program, &copy)?;
    std::fs::set_permissions(&copy, std::fs::Permissions::from_mode(0o755))?;
    let status = Command::new("strip").arg(&copy).status().context("strip: apt-get install binutils")?;
    anyhow::ensure!(status.success(), "strip {} failed", copy.display());
    Ok(copy)
}

fn size(path: &Path) -> anyhow::Result<f64> {
    Ok(std::fs::metadata(path).with_context(|| path.display().to_string())?.len() as f64 / MIB)
}
