//! The servers really run, survive what is done to them, and leave nothing behind.

use std::path::Path;
use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{Database, MariaDb, NatsServer, PlainNats, Port, Process, TempDir};

const SOON: Duration = Duration::from_secs(5);

async fn round_trip(url: &str) -> anyhow::Result<()> {
    let mut client = PlainNats::connect(url).await?;
    client.subscribe("a.>", None).await?;
    client.publish("a.b", b"hello").await?;
    let got = tokio::time::timeout(SOON, client.next()).await??;
    ensure!(got.subject == "a.b" && got.payload == b"hello", "{got:?}");
    Ok(())
}

#[tokio::test]
async fn nats_is_killed_restarted_and_frozen() -> anyhow::Result<()> {
    let server = NatsServer::start()?;
    round_trip(&server.url()).await?;
    server.kill()?;
    ensure!(PlainNats::connect(&server.url()).await.is_err(), "a killed server answered");
    server.restart()?;
    round_trip(&server.url()).await?;
    server.pause()?;
    let frozen = tokio::time::timeout(Duration::from_millis(300), round_trip(&server.url())).await;
    ensure!(!matches!(frozen, Ok(Ok(()))), "a frozen server answered");
    server.resume()?;
    round_trip(&server.url()).await
}

#[test]
fn mariadb_keeps_what_was_committed_before_the_kill() -> anyhow::Result<()> {
    let server = MariaDb::start()?;
    let (first, second) = (server.database()?, server.database()?);
    ensure!(first != second, "one database twice");
    let name = first.rsplit('/').next().unwrap_or_default();
    server.sql(name, "CREATE TABLE t (x VARCHAR(20)); INSERT INTO t VALUES ('🐬 ok')")?;
    server.kill()?;
    ensure!(server.sql(name, "SELECT 1").is_err(), "a killed server answered");
    server.restart()?;
    ensure!(server.sql(name, "SELECT x FROM t")? == "🐬 ok\n");
    ensure!(server.sql("", "SELECT @@innodb_flush_log_at_trx_commit")? == "1\n");
    Ok(())
}

#[test]
fn the_shared_mariadb_gives_each_test_its_own_database() -> anyhow::Result<()> {
    let (one, other) = (Database::mariadb()?, Database::mariadb()?);
    one.sql("CREATE TABLE t (x INT)")?;
    ensure!(other.sql("SELECT * FROM t").is_err(), "both see one table");
    ensure!(one.value("SELECT COUNT(*) FROM t")? == "0");
    Ok(())
}

#[test]
fn sqlite_is_written_by_hand() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let database = Database::Sqlite(folder.join("x.db"));
    let out = database.sql("CREATE TABLE t (a, b); INSERT INTO t VALUES (1, 'x'); SELECT a, b FROM t")?;
    ensure!(out == "1\tx\n", "{out:?}");
    ensure!(database.sql("SELECT nothing").is_err());
    Ok(())
}

#[test]
fn a_reserved_port_is_given_once() -> anyhow::Result<()> {
    let ports: Vec<Port> = (0..50).map(|_| Port::reserve()).collect::<Result<_, _>>()?;
    let mut numbers: Vec<u16> = ports.iter().map(Port::number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    ensure!(numbers.len() == 50, "{numbers:?}");
    Ok(())
}

#[test]
fn drop_kills_the_process_and_removes_the_folder() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let path = folder.path().to_owned();
    let process = Process::spawn("sleep", std::process::Command::new("sleep").arg("600"))?;
    let pid = process.pid();
    drop((process, folder));
    ensure!(!path.exists(), "{} is still there", path.display());
    ensure!(!Path::new(&format!("/proc/{pid}")).exists(), "{pid} still runs");
    Ok(())
}

/// Not a test of its own: what the next one starts and kills.
#[test]
#[ignore = "run by the_leash_cleans_up_after_a_killed_test"]
fn holds_a_process_for_ever() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let process = Process::spawn("sleep", std::process::Command::new("sleep").arg("600"))?;
    println!("held {} {}", process.pid(), folder.path().display());
    std::thread::sleep(Duration::from_secs(600));
    Ok(())
}

#[test]
fn the_leash_cleans_up_after_a_killed_test() -> anyhow::Result<()> {
    let mut command = std::process::Command::new(std::env::current_exe()?);
    command.args(["--ignored", "--exact", "holds_a_process_for_ever", "--nocapture"]);
    let mut test = Process::spawn("a test that is killed", &mut command)?;
    let (pid, path) = test.wait_for_line(SOON, |line| {
        let (pid, path) = line.split("held ").nth(1)?.split_once(' ')?;
        Some((pid.to_owned(), path.to_owned()))
    })?;
    test.kill()?;
    switchboard_testkit::wait::until_blocking("the leash", SOON, || {
        // A killed orphan may stay as a zombie of an init that does not reap; its command line is empty then.
        let line = std::fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        line.is_empty() && !Path::new(&path).exists()
    })
}
