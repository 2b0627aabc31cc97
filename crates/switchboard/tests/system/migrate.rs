//! `migrate` and `doctor`: an empty database becomes a good one, and a foreign one is refused.

use anyhow::ensure;
use switchboard_testkit::program::Program;
use switchboard_testkit::{Database, Done, Shape, TempDir, on_shapes};

on_shapes!(Embedded, Cluster: [from_empty_and_again]);

async fn from_empty_and_again(shape: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let database =
        if shape.is_networked() { Database::mariadb()? } else { Database::Sqlite(folder.join("m.db")) };
    let run = |command: &str| -> anyhow::Result<Done> {
        Program::new(folder.path(), &[command]).flag("--database", database.url()).run("")
    };
    run("migrate")?.ok()?;
    run("migrate")?.ok()?;
    let doctor = run("doctor")?;
    ensure!(doctor.code == 0, "{doctor:?}");
    for table in
        ["accounts", "sessions", "visitors", "conversations", "entries", "automations", "teams", "audit"]
    {
        database.sql(&format!("SELECT COUNT(*) FROM {table}"))?;
    }
    Ok(())
}

#[test]
fn the_doctor_says_what_is_wrong() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let nowhere = "mysql://root@127.0.0.1:1/nothing";
    let done = Program::new(folder.path(), &["doctor"]).flag("--database", nowhere).run("")?;
    ensure!(done.code == 1 && !format!("{}{}", done.stdout, done.stderr).trim().is_empty(), "{done:?}");
    Ok(())
}
