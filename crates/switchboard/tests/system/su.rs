//! `switchboard su`: exit statuses, one line on standard error, beside a running server and without one.

use anyhow::ensure;
use switchboard_testkit::program::Program;
use switchboard_testkit::{Database, Done, Shape, System, TempDir, on_shapes, unique};

on_shapes!(Embedded, Cluster: [on_an_empty_database, beside_a_running_server]);

fn fresh(shape: Shape, folder: &TempDir) -> anyhow::Result<Database> {
    if shape.is_networked() { Database::mariadb() } else { Ok(Database::Sqlite(folder.join("fresh.db"))) }
}

async fn on_an_empty_database(shape: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let database = fresh(shape, &folder)?;
    let su = |args: &[&str], input: &str| -> anyhow::Result<Done> {
        let args: Vec<&str> = std::iter::once("su").chain(args.iter().copied()).collect();
        Program::new(folder.path(), &args).flag("--database", database.url()).run(input)
    };
    let secret = unique("a long enough passphrase");
    let line = format!("{secret}\n");
    ensure!(su(&["list"], "")?.ok()?.is_empty(), "an empty database has somebody");
    su(&["add", "ada", "--password-stdin"], &line)?.ok()?;
    // Flags may stand before the verb.
    su(&["--password-stdin", "add", "bob"], &line)?.refusal()?;
    su(&["--allow-another", "--password-stdin", "add", "bob"], &line)?.ok()?;
    let listed = su(&["list"], "")?.ok()?.to_owned();
    for (row, name) in listed.lines().zip(["ada", "bob"]) {
        let fields: Vec<&str> = row.split('\t').collect();
        ensure!(fields.len() == 4 && fields[..3] == [name, "super_admin", "active"], "{row:?}");
        ensure!(fields[3].contains('T') && fields[3].ends_with('Z'), "{row:?}");
    }
    ensure!(listed.lines().count() == 2, "{listed}");

    // Refused: 1 and one line that says what to do. An inactive one counts as existing.
    su(&["deactivate", "bob"], "")?.ok()?;
    su(&["deactivate", "bob"], "")?.ok()?;
    ensure!(su(&["list"], "")?.ok()?.contains("bob\tsuper_admin\tinactive\t"));
    let refused: [(&[&str], &str); 9] = [
        (&["add", "eve", "--password-stdin"], &line),
        (&["add", "ada", "--password-stdin", "--allow-another"], &line),
        (&["add", "eve", "--password-stdin", "--allow-another"], "short\n"),
        (&["add", "eve", "--password-stdin", "--allow-another"], "passwordpassword\n"),
        (&["add", "eve", "--password-stdin", "--allow-another"], ""),
        (&["add", "Not A Name", "--password-stdin", "--allow-another"], &line),
        (&["passwd", "nobody", "--password-stdin"], &line),
        (&["delete", "nobody"], ""),
        (&["activate", "nobody"], ""),
    ];
    for (args, input) in refused {
        let done = su(args, input)?;
        let said = done.refusal()?;
        ensure!(!said.contains(&secret), "{args:?}: the password in {said}");
    }
    // Wrong usage: 2.
    for args in [
        &["add"][..],
        &[],
        &["promote", "ada"],
        &["add", "eve", "secret-as-argument"],
        &["list", "--nonsense"],
    ] {
        let done = su(args, "")?;
        ensure!(done.code == 2 && !done.stderr.is_empty(), "{args:?}: {done:?}");
    }
    su(&["activate", "bob"], "")?.ok()?;
    su(&["delete", "ada"], "")?.ok()?;
    su(&["delete", "bob"], "")?.ok()?;
    ensure!(su(&["list"], "")?.ok()?.is_empty());
    Ok(())
}

async fn beside_a_running_server(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let fresh = unique("another passphrase");
    system.su(&["passwd", "root", "--password-stdin"], &format!("{fresh}\n"))?.ok()?;
    root.http.get("/session").await?.problem(401)?;
    let old = serde_json::json!({ "username": "root", "password": root.password });
    system.http().post("/session", old).await?.problem(401)?;
    let again = switchboard_testkit::Staff::sign_in(&system.http(), "root", &fresh).await?;
    ensure!(again.http.get("/session").await?.expect(200)?["account"]["must_change_password"] == false);
    system.su(&["deactivate", "root"], "")?.ok()?;
    again.http.get("/session").await?.problem(401)?;
    system.su(&["activate", "root"], "")?.ok()?;
    // What was signed in before stays out.
    again.http.get("/session").await?.problem(401)?;
    let back = switchboard_testkit::Staff::sign_in(&system.http(), "root", &fresh).await?;
    let audit = back.http.get("/audit").await?.expect(200)?.to_string();
    ensure!(audit.contains("root") && !audit.contains(&fresh), "{audit}");
    // `su` deals in super admins only.
    let admin = back.make("/admins", serde_json::json!({})).await?;
    system.su(&["delete", &admin.username], "")?.refusal()?;
    admin.http.get("/session").await?.expect(200)?;
    Ok(())
}
