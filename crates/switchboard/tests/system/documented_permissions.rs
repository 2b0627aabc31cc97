//! The permissions on NATS that `docs/deployment.md` names are enough for the parts, and keep an automation to its own
//! affairs.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::program::Program;
use switchboard_testkit::{
    Http, MariaDb, NatsServer, Process, Shape, Staff, TempDir, Visitor, on_shapes, staff::SOON,
};

use crate::support::{has, is_queued};

on_shapes!(Split: [the_parts_can_do_their_work]);

/// Guarantees §3: a stuck automation's visitors are with people within this.
const NOTICED: Duration = Duration::from_secs(20);
const ROOT: &str = "a passphrase of the operator";

/// The users of the page, with passwords that we know.
fn users() -> anyhow::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deployment.md");
    let page = std::fs::read_to_string(path)?;
    let block = page.split("```\nauthorization {").nth(1).and_then(|rest| rest.split("```").next());
    let lines = block.context("the page has no users")?.lines().map(|line| match line.split('"').nth(1) {
        Some(user) if line.contains("{ user: ") => line.replace("$2a$11$…", &format!("of {user}")),
        _ => line.to_owned(),
    });
    Ok(format!("authorization {{{}\n", lines.collect::<Vec<_>>().join("\n")))
}

struct House {
    chat: Process,
    _others: Vec<Process>,
    http: Http,
    nats: NatsServer,
    folder: TempDir,
    database: String,
}

impl House {
    fn open() -> anyhow::Result<Self> {
        let nats = NatsServer::start_with(&users()?)?;
        let folder = TempDir::new()?;
        let database = MariaDb::shared()?.database()?;
        let part = |command: &[&str], user: &str| part(&folder, &nats, command, user);
        let dbmgr = part(&["dbmgr"], "dbmgr").flag("--database", &database).spawn_ready()?.0;
        let chat = part(&["automation", "chat"], "automation-chat").spawn_ready()?.0;
        let faq = part(&["automation", "faq"], "automation-faq").spawn_ready()?.0;
        let mat = part(&["automation", "mat"], "automation-mat").spawn_ready()?.0;
        let (web, address) = part(&["web"], "web").flag("--listen", "127.0.0.1:0").spawn_ready()?;
        let http = Http::new(&address);
        Ok(Self { chat, _others: vec![dbmgr, faq, mat, web], http, nats, folder, database })
    }

    fn part(&self, command: &[&str], user: &str) -> Program {
        part(&self.folder, &self.nats, command, user)
    }
}

/// A part that logs in as `user`.
fn part(folder: &TempDir, nats: &NatsServer, command: &[&str], user: &str) -> Program {
    let login = format!("//{user}:of%20{user}@");
    Program::new(folder.path(), command).flag("--nats", nats.url().replace("//", &login))
}

async fn the_parts_can_do_their_work(_: Shape) -> anyhow::Result<()> {
    let mut house = House::open()?;
    let su = Program::new(house.folder.path(), &["su", "add", "root", "--password-stdin"]);
    su.flag("--database", &house.database).run(&format!("{ROOT}\n"))?.ok()?;
    let root = Staff::sign_in(&house.http, "root", ROOT).await?;
    let admin = root.make("/admins", json!({})).await?;
    let agent = admin.make("/agents", json!({})).await?;
    let _socket = agent.online().await?;

    let visitor = Visitor::arrive(&house.http).await?;
    let id = visitor.ask_automation("mat", "how are you?").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, SOON).await? == ["mat mat mat?"]);
    admin.http.patch("/automations/faq", json!({ "active": true })).await?.expect(200)?;
    let greeted = visitor.ask_automation("faq", "hello").await?;
    visitor.until_texts(&greeted, "automation", 1, SOON).await?;
    let other = visitor.ask_automation("chat", "how are you").await?;
    ensure!(visitor.until_texts(&other, "automation", 1, SOON).await? == ["you are how"]);
    visitor.http.post(&format!("/visitor/conversations/{id}/handoff"), json!({})).await?.expect(200)?;
    visitor.until(&id, "with the agent", SOON, |c| has(c, &agent)).await?;
    agent.say(&id, "hello").await?;
    agent.presence("offline").await?;
    visitor.until(&id, "back in the queue", SOON, is_queued).await?;

    // With the user of one automation the work of another one cannot be done, nor ours.
    let thief = house.part(&["automation", "chat"], "automation-mat").spawn()?;
    let spy = house.part(&["web"], "automation-mat").flag("--listen", "127.0.0.1:0");
    let (_spy, address) = spy.spawn_ready()?;
    let refused = Http::new(&address).post("/visitor/session", json!({})).await?;
    ensure!(refused.status == 503, "a stranger made a call: {}", refused.status);
    // Were it heard, it would take the turns of the real one, which is gone now.
    house.chat.kill()?;
    visitor.say(&other, "anybody?").await?;
    visitor.until(&other, "with people", NOTICED, is_queued).await?;
    drop(thief);
    Ok(())
}
