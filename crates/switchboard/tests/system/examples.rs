//! The examples in `examples/` and the templates made of them, run as a reader would: with Python, with Node, in Rust.
//! `scripts/examples` installs what they need; without it these tests fail and say so.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::program::Program;
use switchboard_testkit::{NatsServer, Process, Shape, System, TempDir, on_shapes, staff::SOON, wait};

use crate::support::{done, is_queued, items};

on_shapes!(Cluster: [python, node, rust]);
on_shapes!(Embedded: [templates]);

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// What `scripts/examples` has installed.
fn installed(path: &str) -> anyhow::Result<PathBuf> {
    let found = root().join("target/examples").join(path);
    ensure!(
        found.exists(),
        "{} is not there: run scripts/examples, which installs it from a registry",
        found.display()
    );
    Ok(found)
}

#[test]
fn the_page_shows_what_is_run() -> anyhow::Result<()> {
    let page = std::fs::read_to_string(root().join("docs/automations.md"))?;
    for (file, language) in [("examples/python/shout.py", "python"), ("examples/rust/src/main.rs", "rust")] {
        let text = std::fs::read_to_string(root().join(file))?;
        ensure!(
            page.contains(&format!("```{language}\n{text}```")),
            "docs/automations.md does not show {file}"
        );
    }
    Ok(())
}

async fn python(shape: Shape) -> anyhow::Result<()> {
    let mut command = Command::new(installed("python/bin/python")?);
    command.arg(root().join("examples/python/shout.py"));
    answers(shape, "python", command).await
}

/// Node looks for packages beside the program.
fn node_with(program: &Path, folder: &Path) -> anyhow::Result<Command> {
    #[cfg(unix)]
    std::os::unix::fs::symlink(installed("node/node_modules")?, folder.join("node_modules"))?;
    let mut command = Command::new(switchboard_testkit::process::find_program("node", "nodejs")?);
    command.arg(program);
    Ok(command)
}

async fn node(shape: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    std::fs::copy(root().join("examples/node/shout.mjs"), folder.join("shout.mjs"))?;
    answers(shape, "node", node_with(&folder.join("shout.mjs"), folder.path())?).await
}

async fn rust(shape: Shape) -> anyhow::Result<()> {
    // target/debug/deps/system-… → target/debug/examples/shout
    let test = std::env::current_exe()?;
    let program = test.ancestors().nth(2).context("no target folder")?.join("examples/shout");
    ensure!(
        program.exists(),
        "{} is not built: cargo build -p switchboard-sdk --examples",
        program.display()
    );
    answers(shape, "rust", Command::new(program)).await
}

/// What the page for whoever writes an automation promises of each of them.
async fn answers(shape: Shape, language: &str, mut command: Command) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let url = system.nats.as_ref().context("no bus")?.url();
    let _program = Process::spawn(language, command.env("NATS_URL", &url))?;
    let admin = system.admin().await?;
    let found = wait::until("shout in the list", DISCOVERED * 2, async || {
        let list = admin.http.get("/automations").await?.expect(200)?;
        Ok(items(&list)?.iter().find(|one| one["name"] == "shout").cloned())
    });
    let (found, _) = Box::pin(found).await?;
    ensure!(found["title"] == "Shout" && found["description"] == "Says it louder.", "{found}");
    admin.http.patch("/automations/shout", json!({ "active": true })).await?.expect(200)?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("shout", "hello there").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["HELLO THERE"]);
    // It takes longer than its deadline, and says so.
    visitor.say(&id, "think").await?;
    let texts = visitor.until_texts(&id, "automation", 2, Duration::from_secs(12)).await?;
    ensure!(texts == ["HELLO THERE", "THINK"], "{texts:?}");
    visitor.say(&id, "help").await?;
    visitor.until(&id, "with people", SOON, is_queued).await?;
    Ok(())
}

async fn templates(_: Shape) -> anyhow::Result<()> {
    let (nats, folder) = (NatsServer::start()?, TempDir::new()?);
    let new = |name: &str, args: &[&str]| {
        Program::new(folder.path(), &[&["automation", "new", name], args].concat()).run("")
    };
    for bad in [["9 lives", "python"], ["new", "python"], ["fine", "cobol"]] {
        ensure!(new(bad[0], &["--language", bad[1]])?.code != 0, "{bad:?}");
    }
    done(new("order-status", &[])?)?;
    let again = new("order-status", &[])?;
    ensure!(again.code == 1 && again.stderr.contains("is there already"), "{again:?}");
    done(new("track", &["--language", "node"])?)?;
    let sdk = root().join("crates/sdk");
    let refused = new("rusty", &["--language", "rust"])?;
    ensure!(refused.code == 1 && refused.stderr.contains("--sdk"), "{refused:?}");
    done(new("rusty", &["--language", "rust", "--sdk", &sdk.to_string_lossy()])?)?;
    ensure!(folder.join("rusty/src/main.rs").is_file() && folder.join("rusty/Cargo.toml").is_file());

    let mut python = Command::new(installed("python/bin/python")?);
    python.arg(folder.join("order-status/automation.py"));
    let _python = Process::spawn("python template", python.env("NATS_URL", nats.url()))?;
    let mut node = node_with(&folder.join("track/automation.mjs"), &folder.join("track"))?;
    let _node = Process::spawn("node template", node.env("NATS_URL", nats.url()))?;
    for name in ["order-status", "track"] {
        let answered = wait::until("an answer", Duration::from_secs(20), async || {
            let turn =
                Program::new(folder.path(), &["turn", name, "hello"]).flag("--nats", nats.url()).run("")?;
            Ok((turn.code == 0 && turn.stdout.starts_with("HELLO")).then_some(()))
        });
        Box::pin(answered).await?;
    }
    Ok(())
}
