//! `switchboard automation credentials`: the user that it makes can do its automation's work, and nothing else.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::program::Program;
use switchboard_testkit::puppet::{Puppet, Role, says};
use switchboard_testkit::{NatsServer, PlainNats, Shape, TempDir, on_shapes, staff::SOON, wait};

use crate::support::{done, items};

on_shapes!(Embedded: [one_cannot_do_the_others_work, files_are_written_once]);

/// Contract §6: a new service appears within this.
const DISCOVERED: Duration = Duration::from_secs(10);
/// How long the server may take to refuse.
const REFUSED: Duration = Duration::from_secs(2);

/// Makes a user; answers what was printed.
fn user(folder: &TempDir, name: &str) -> anyhow::Result<Value> {
    let made = done(Program::new(folder.path(), &["automation", "credentials", name, "--json"]).run("")?)?;
    serde_json::from_str(&made.stdout).context("no JSON")
}

/// The rights of `serve`, as docs/deployment.md has them.
fn serve_rights() -> anyhow::Result<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/deployment.md");
    let page = std::fs::read_to_string(path)?;
    let block = page.split("\n  serve = {").nth(1).and_then(|rest| rest.split('}').next());
    Ok(format!("{{ {} }}", block.context("the page has no rights of serve")?))
}

/// The address of a server for a user.
fn address(nats: &NatsServer, user: &Value) -> anyhow::Result<String> {
    let text = |name: &str| user[name].as_str().map(str::to_owned).context("not in the answer");
    Ok(nats.url().replace("//", &format!("//{}:{}@", text("user")?, text("password")?)))
}

async fn one_cannot_do_the_others_work(_: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let (alpha, beta) = (user(&folder, "alpha")?, user(&folder, "beta")?);
    let lines = [&alpha, &beta].map(|user| user["nats_server_user"].as_str().unwrap_or_default().to_owned());
    let nats = NatsServer::start_with(&format!(
        "authorization {{ users: [ {} {} {{ user: \"serve\", password: \"pw\", permissions: {} }} ] }}\n",
        lines[0],
        lines[1],
        serve_rights()?
    ))?;
    let (alpha, beta) = (address(&nats, &alpha)?, address(&nats, &beta)?);
    let serve = nats.url().replace("//", "//serve:pw@");
    let (_serve, people) = demo(&folder, &serve)?;

    // Each does its own work.
    let _alpha = Puppet::start(&alpha, Role::honest("alpha", "Alpha"), |_| vec![says(&["I am alpha"])]);
    let real = Puppet::start(&beta, Role::honest("beta", "Beta"), |_| vec![says(&["I am beta"])]);
    let admin = &people.admin;
    let both = wait::until("both in the list", DISCOVERED, async || {
        let list = admin.http.get("/automations").await?.expect(200)?.to_string();
        Ok((list.contains("Alpha") && list.contains("Beta")).then_some(()))
    });
    Box::pin(both).await?;
    for name in ["alpha", "beta"] {
        admin.http.patch(&format!("/automations/{name}"), json!({ "active": true })).await?.expect(200)?;
    }
    let visitor = switchboard_testkit::Visitor::arrive(&people.http).await?;
    for (name, text) in [("alpha", "I am alpha"), ("beta", "I am beta")] {
        let id = visitor.ask_automation(name, "who are you?").await?;
        ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == [text]);
    }

    // Alpha's user hears nothing that is not its own: turns, calls, notices, replies, or who asks others.
    for subject in [
        ">",
        "switchboard.>",
        "switchboard.v1.automation.beta.turn",
        "switchboard.v1.automation.*.turn",
        "switchboard.v1.cmd.>",
        "switchboard.v1.qry.>",
        "switchboard.v1.evt.>",
        "switchboard.v1.evt.entry.0",
        "_INBOX.>",
        "_INBOX.turns.>",
        "_INBOX.automation-beta.>",
        "$SRV.>",
        "$SRV.INFO.beta",
        "$SRV.PING.beta",
        "$SYS.>",
    ] {
        for group in [None, Some("q")] {
            let mut spy = PlainNats::connect(&alpha).await?;
            spy.subscribe(subject, group).await?;
            refused(&mut spy, subject).await?;
        }
    }
    // Nor does it say anything: turns to others, calls, notices, questions who is there, answers to nobody's question.
    for subject in [
        "switchboard.v1.automation.beta.turn",
        "switchboard.v1.cmd.apply_reply",
        "switchboard.v1.qry.turn",
        "switchboard.v1.evt.entry.0",
        "switchboard.v1.evt.typing",
        "$SRV.INFO",
        "$SRV.INFO.beta",
        "_INBOX.turns.guess",
        "_INBOX.automation-beta.guess",
    ] {
        let mut spy = PlainNats::connect(&alpha).await?;
        spy.publish(subject, b"{}").await?;
        refused(&mut spy, subject).await?;
    }
    // Where everybody may answer who they are it says that it is beta: nobody believes it, beta goes on.
    let posing = Role { name: "beta".into(), title: Some("Zeta".into()), plays: false };
    let _poser = Puppet::start(&alpha, posing, |_| Vec::new());
    tokio::time::sleep(Duration::from_secs(9)).await;
    let list = admin.http.get("/automations").await?.expect(200)?;
    let shown = items(&list)?.iter().find(|one| one["name"] == "beta").context("beta is gone")?.clone();
    ensure!(shown["title"] == "Beta", "{shown}");
    let before = real.asked();
    let id = visitor.ask_automation("beta", "still you?").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["I am beta"]);
    ensure!(real.asked() == before + 1, "somebody else was asked");

    // The command line tries it with the platform's user, and sees that alpha's may not.
    let turn =
        |url: &str| Program::new(folder.path(), &["turn", "beta", "hello"]).flag("--nats", url).run("");
    ensure!(done(turn(&serve)?)?.stdout.contains("I am beta"));
    ensure!(turn(&alpha)?.code == 1, "alpha asked beta");
    Ok(())
}

/// The server's complaint.
async fn refused(nats: &mut PlainNats, subject: &str) -> anyhow::Result<()> {
    let complaint = tokio::time::timeout(REFUSED, nats.next()).await;
    let complaint = complaint.with_context(|| format!("{subject} is allowed"))?;
    let said = complaint.err().with_context(|| format!("{subject} is heard"))?.to_string();
    ensure!(said.contains("Permissions Violation"), "{subject}: {said}");
    Ok(())
}

struct People {
    http: switchboard_testkit::Http,
    admin: switchboard_testkit::Staff,
}

/// A demonstration on this NATS.
fn demo(folder: &TempDir, nats: &str) -> anyhow::Result<(switchboard_testkit::Process, People)> {
    let program = Program::new(folder.path(), &["serve", "--demo", "--listen", "127.0.0.1:0"]);
    let (process, address) = program.flag("--nats", nats).spawn_ready()?;
    let line = process.stdout().into_iter().find(|line| line.starts_with("admin ")).context("no admin")?;
    let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
    let http = switchboard_testkit::Http::new(&address);
    let sign_in = switchboard_testkit::Staff::sign_in(&http, &words[1], &words[2]);
    let admin = tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(sign_in))?;
    Ok((process, People { http, admin }))
}

async fn files_are_written_once(_: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let run = |args: &[&str]| Program::new(folder.path(), &[&["automation"], args].concat()).run("");
    let from = "tls://serve:secret@nats.example:4222";
    let made = done(run(&["credentials", "shout", "--out", "keys", "--nats", from])?)?;
    ensure!(!made.stdout.contains("secret@"), "{}", made.stdout);
    let environment = std::fs::read_to_string(folder.join("keys/shout.env"))?;
    ensure!(environment.starts_with("NATS_URL=tls://automation-shout:"), "{environment}");
    ensure!(environment.trim_end().ends_with("@nats.example:4222"), "{environment}");
    let server = std::fs::read_to_string(folder.join("keys/shout.conf"))?;
    let password =
        environment.split(':').nth(2).and_then(|rest| rest.split('@').next()).context("no password")?;
    ensure!(!server.contains(password), "the server's file has the password itself");
    let again = run(&["credentials", "shout", "--out", "keys"])?;
    ensure!(again.code == 1 && again.stderr.contains("is there already"), "{again:?}");
    for bad in ["Shout", "new", "credentials", ""] {
        ensure!(run(&["credentials", bad])?.code != 0, "{bad:?}");
    }
    let printed = done(run(&["credentials", "shout"])?)?;
    ensure!(
        printed.stdout.contains("allow_responses") && printed.stdout.contains("NATS_URL="),
        "{printed:?}"
    );
    Ok(())
}
