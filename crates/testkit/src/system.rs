//! A whole Switchboard in one of its shapes, with everything that it needs.

mod setup;

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};
use serde_json::json;

use crate::database::Database;
use crate::http::Http;
use crate::nats::NatsServer;
use crate::port::Port;
use crate::process::Process;
use crate::program::{Done, Program, START};
use crate::shape::Shape;
use crate::staff::Staff;
use crate::temp::TempDir;
use crate::visitor::Visitor;
use crate::wait;

pub use setup::Setup;

/// A running system. Everything ends when it is dropped.
#[derive(Debug)]
pub struct System {
    // First, so that it is dropped before what it talks to.
    parts: Vec<Part>,
    /// Its shape.
    pub shape: Shape,
    /// Its data.
    pub database: Database,
    /// Its bus, unless it is embedded.
    pub nats: Option<NatsServer>,
    folder: TempDir,
    root_password: String,
    binary: Option<PathBuf>,
}

/// One process of it.
#[derive(Debug)]
struct Part {
    name: String,
    program: Program,
    process: Option<Process>,
    listen: Option<Port>,
}

impl System {
    /// Starts the usual system of this shape.
    ///
    /// # Errors
    /// As [`Setup::start`].
    pub async fn start(shape: Shape) -> anyhow::Result<Self> {
        Setup::new(shape).start().await
    }

    /// A nameless caller of the first web part.
    #[must_use]
    pub fn http(&self) -> Http {
        Http::new(&self.address(0))
    }

    /// A nameless caller of the last web part: in a cluster another node than [`System::http`]'s.
    #[must_use]
    pub fn far_http(&self) -> Http {
        Http::new(&self.address(usize::MAX))
    }

    /// `127.0.0.1:PORT` of the `n`th web part (of the last one if there are fewer).
    #[must_use]
    pub fn address(&self, n: usize) -> String {
        let ports: Vec<u16> =
            self.parts.iter().filter_map(|part| part.listen.as_ref().map(Port::number)).collect();
        let port = ports.get(n).or(ports.last()).copied().unwrap_or_default();
        format!("127.0.0.1:{port}")
    }

    /// The names of its parts: `node-0`, `node-1` …, or `dbmgr`, `chat`, `mat`, `web`.
    #[must_use]
    pub fn part_names(&self) -> Vec<String> {
        self.parts.iter().map(|part| part.name.clone()).collect()
    }

    /// The names and process numbers of the parts that run.
    #[must_use]
    pub fn pids(&self) -> Vec<(String, u32)> {
        let running = |part: &Part| Some((part.name.clone(), part.process.as_ref()?.pid()));
        self.parts.iter().filter_map(running).collect()
    }

    /// How many web parts there are.
    #[must_use]
    pub fn node_count(&self) -> usize {
        self.parts.iter().filter(|part| part.listen.is_some()).count()
    }

    /// The running process of a part, to signal it or read its output.
    ///
    /// # Errors
    /// When there is no such part or it does not run.
    pub fn process(&mut self, name: &str) -> anyhow::Result<&mut Process> {
        self.part(name)?.process.as_mut().with_context(|| format!("{name} is not running"))
    }

    /// Kills a part with SIGKILL and leaves it dead.
    ///
    /// # Errors
    /// When there is no such part or it does not run.
    pub fn kill(&mut self, name: &str) -> anyhow::Result<()> {
        self.process(name)?.kill()?;
        self.part(name)?.process = None;
        Ok(())
    }

    /// Asks a part to end (SIGTERM), waits, and leaves it ended.
    ///
    /// # Errors
    /// When there is no such part, it does not run, or it still runs after `deadline`.
    pub fn terminate(&mut self, name: &str, deadline: Duration) -> anyhow::Result<()> {
        self.process(name)?.terminate(deadline)?;
        self.part(name)?.process = None;
        Ok(())
    }

    /// Starts a part again after [`System::kill`], on the same port and folder, and waits until it is ready.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn restart(&mut self, name: &str) -> anyhow::Result<()> {
        self.launch(name)?;
        self.await_ready(name).await
    }

    /// Starts a part without waiting for it.
    ///
    /// # Errors
    /// When there is no such part, or it cannot be started.
    pub fn launch(&mut self, name: &str) -> anyhow::Result<()> {
        self.launch_with(name, &[])
    }

    /// The same with environment variables for this one start.
    ///
    /// # Errors
    /// As [`System::launch`].
    pub fn launch_with(&mut self, name: &str, envs: &[(&str, &str)]) -> anyhow::Result<()> {
        let part = self.part(name)?;
        let program =
            envs.iter().fold(part.program.clone(), |program, (name, value)| program.env(name, *value));
        part.process = Some(program.spawn()?);
        Ok(())
    }

    /// Waits until a part says that it is ready; of a part that listens, until `/readyz` is 200.
    ///
    /// # Errors
    /// When it ends or takes too long.
    pub async fn await_ready(&mut self, name: &str) -> anyhow::Result<()> {
        let part = self.part(name)?;
        let process = part.process.as_mut().context("not running")?;
        process.wait_for_line(START, |line| {
            (line.trim() == "ready" || line.starts_with("listening on http://")).then_some(())
        })?;
        let Some(port) = part.listen.as_ref().map(Port::number) else { return Ok(()) };
        let http = Http::new(&format!("127.0.0.1:{port}"));
        let ready = wait::until("/readyz", START, async || {
            let reply = http.raw(http::Method::GET, "/readyz", None).await?;
            Ok((reply.status == 200).then_some(()))
        });
        Box::pin(ready).await?;
        Ok(())
    }

    /// Runs `switchboard su …` on this system's database, with `input` on standard input.
    ///
    /// # Errors
    /// When it cannot be run; any exit status is an answer.
    pub fn su(&self, args: &[&str], input: &str) -> anyhow::Result<Done> {
        let args: Vec<&str> = std::iter::once("su").chain(args.iter().copied()).collect();
        self.program(&args).run(input)
    }

    /// Runs any other command on this system's database.
    ///
    /// # Errors
    /// When it cannot be run; any exit status is an answer.
    pub fn command(&self, args: &[&str]) -> anyhow::Result<Done> {
        self.program(args).run("")
    }

    /// Any other command on this system's database, to be run.
    #[must_use]
    pub fn program(&self, args: &[&str]) -> Program {
        let program = Program::new(self.folder.path(), args).binary(self.binary.as_deref());
        program.flag("--database", self.database.url())
    }

    /// The super admin, `root`, made at the first call and signed in.
    ///
    /// # Errors
    /// When the account cannot be made or cannot sign in.
    pub async fn super_admin(&self) -> anyhow::Result<Staff> {
        let listed = self.su(&["list"], "")?;
        if !listed.ok()?.lines().any(|line| line.starts_with("root\t")) {
            self.su(&["add", "root", "--password-stdin"], &format!("{}\n", self.root_password))?.ok()?;
        }
        Staff::sign_in(&self.http(), "root", &self.root_password).await
    }

    /// A new admin with a password of its own, signed in.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn admin(&self) -> anyhow::Result<Staff> {
        self.super_admin().await?.make("/admins", json!({})).await
    }

    /// A new agent in the team "General", signed in, offline.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn agent(&self, admin: &Staff) -> anyhow::Result<Staff> {
        admin.make("/agents", json!({ "teams": [self.general(admin).await?] })).await
    }

    /// The id of the team "General", which every installation has.
    ///
    /// # Errors
    /// When there is no such team.
    pub async fn general(&self, admin: &Staff) -> anyhow::Result<String> {
        let teams = admin.http.get("/teams").await?.expect(200)?;
        let team =
            teams["items"].as_array().and_then(|items| items.iter().find(|team| team["name"] == "General"));
        let id = team.and_then(|team| team["id"].as_str());
        id.map(str::to_owned).with_context(|| format!("no team General in {teams}"))
    }

    /// A new visitor at the first web part.
    ///
    /// # Errors
    /// When no session is given.
    pub async fn visitor(&self) -> anyhow::Result<Visitor> {
        Visitor::arrive(&self.http()).await
    }

    /// Waits until a `GET` of `path` (below the root) answers `status`; answers how long that took.
    ///
    /// # Errors
    /// When it does not within `deadline`.
    pub async fn until_status(
        &self,
        path: &str,
        status: u16,
        deadline: Duration,
    ) -> anyhow::Result<Duration> {
        let http = self.http();
        let what = format!("{path} {status}");
        let look = wait::until(&what, deadline, async || {
            let reply = http.raw(http::Method::GET, path, None).await.ok();
            Ok(reply.filter(|reply| reply.status == status).map(|_| ()))
        });
        Ok(Box::pin(look).await?.1)
    }

    fn part(&mut self, name: &str) -> anyhow::Result<&mut Part> {
        match self.parts.iter_mut().find(|part| part.name == name) {
            Some(part) => Ok(part),
            None => bail!("no part {name}"),
        }
    }
}
