//! People for a load on our own program: visitors with a conversation each, owned by agents who follow it.

use std::sync::Arc;

use anyhow::Context;
use serde_json::json;
use switchboard_testkit::{Http, Staff, System, Visitor};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::driver::Who;
use crate::load::{Cast, Line};
use crate::product::block_on;

/// Calls under way at a time while people are made.
const CALLS: usize = 16;

/// Makes so many conversations, each of a visitor of its own, shared among so many agents.
///
/// An agent whose socket closes keeps its conversations for half a minute: the load has to be opened by then.
///
/// # Errors
/// When the system refuses something.
pub fn cast(system: &System, lines: usize, staff: usize) -> anyhow::Result<Cast> {
    block_on(Box::pin(make(system, lines, staff)))
}

/// An agent, by id, who only asks.
///
/// # Errors
/// When the system refuses something.
pub fn agent(system: &System) -> anyhow::Result<Who> {
    block_on(Box::pin(async {
        let agent = system.agent(&system.admin().await?).await?;
        let secret = agent.http.cookie().context("no cookie")?.to_owned();
        Ok(Who { name: agent.id, secret, is_staff: true })
    }))
}

/// The first agent of a cast, by id.
///
/// # Errors
/// When there is none, or the system does not know it.
pub fn first_agent(system: &System, cast: &Cast) -> anyhow::Result<Who> {
    let secret = cast.staff.first().context("a cast without agents")?.secret.clone();
    let session = block_on(Box::pin(async {
        system.http().with_cookie(Some(&secret)).get("/session").await?.expect(200)
    }))?;
    let name = session["account"]["id"].as_str().context("an account without id")?.to_owned();
    Ok(Who { name, secret, is_staff: true })
}

async fn make(system: &System, lines: usize, staff: usize) -> anyhow::Result<Cast> {
    let admin = system.admin().await?;
    let (mut agents, mut sockets) = (Vec::new(), Vec::new());
    for _ in 0..staff {
        let agent = system.agent(&admin).await?;
        sockets.push(agent.socket().await?);
        // Away: keeps what it has, and is given nothing by the router.
        agent.presence("away").await?;
        agents.push(Arc::new(agent));
    }
    let places = Arc::new(Semaphore::new(CALLS));
    let mut making = JoinSet::new();
    for n in 0..lines {
        let (http, agent) = (system.http(), Arc::clone(&agents[n % staff]));
        let place = Arc::clone(&places).acquire_owned().await?;
        making.spawn(async move {
            let made = line(&http, &agent, n % staff).await;
            drop(place);
            made
        });
    }
    let mut made = Vec::with_capacity(lines);
    while let Some(line) = making.join_next().await {
        made.push(line??);
    }
    let cookie = |agent: &Arc<Staff>| agent.http.cookie().map(str::to_owned).context("no cookie");
    let who = |agent| Ok(Who { name: String::new(), secret: cookie(agent)?, is_staff: true });
    Ok(Cast { lines: made, staff: agents.iter().map(who).collect::<anyhow::Result<_>>()? })
}

/// A visitor asks for people, and the agent claims the conversation.
async fn line(http: &Http, agent: &Staff, staff: usize) -> anyhow::Result<Line> {
    let visitor = Visitor::arrive(http).await?;
    let conversation = visitor.ask_people("Hello?").await?;
    agent.act(&conversation, "claim", json!({})).await?;
    let visitor = Who { name: visitor.id, secret: visitor.token, is_staff: false };
    Ok(Line { conversation, visitor, staff })
}
