//! Visitors of one automation, and what becomes of them.

use std::time::{Duration, Instant};

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Socket, Staff, Visitor};

use super::case::{Case, Outcome};
use super::{Visitors, futures_join};

/// The longest that anybody is waited for.
const PATIENCE: Duration = Duration::from_secs(150);
/// Between two visitors.
const PACE: Duration = Duration::from_millis(100);
/// After everything something may still come that should not.
const LATE: Duration = Duration::from_secs(8);
/// Times that an agent passes a conversation on to one that hands it back.
const PASSES: usize = 5;

/// What has become of one visitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct End {
    /// How long it took.
    pub(super) after: Duration,
    /// Whether it was an answer; otherwise people have it, and the visitor was told.
    pub(super) answered: bool,
    /// What the automation has said in the end.
    pub(super) said: Vec<String>,
}

/// Has visitors come to one automation, all at once.
pub(super) async fn run(
    visitors: &Visitors<'_>,
    agent: &Staff,
    case: &Case,
    place: usize,
) -> anyhow::Result<Vec<End>> {
    if case.outcome == Outcome::HandsBack {
        return passed_back(visitors, agent, case).await;
    }
    let all = (0..visitors.each).map(async |n| {
        // One after the other, so that each waits for the automation and not for a crowd.
        tokio::time::sleep(PACE * u32::try_from(n * visitors.cases + place).unwrap_or_default()).await;
        let visitor = Visitor::arrive(&visitors.system.http()).await?;
        one(&visitor, case).await
    });
    futures_join(all.collect()).await.into_iter().collect()
}

async fn one(visitor: &Visitor, case: &Case) -> anyhow::Result<End> {
    let mut socket = visitor.socket().await?;
    // Another conversation of the same visitor, which nothing may reach.
    let other = visitor.ask_people("this is another matter").await?;
    let begun = Instant::now();
    let id = visitor.ask_automation(case.automation, &other).await?;
    let answered = end(&mut socket, &id).await?;
    let after = begun.elapsed();
    tokio::time::sleep(LATE).await;
    let said = visitor.texts(&id, "automation").await?;
    ensure!(visitor.texts(&other, "automation").await?.is_empty(), "it spoke in another conversation");
    let state = visitor.conversation(&id).await?;
    let queued = state["owner"]["kind"] == "queue";
    ensure!(answered || queued, "told, but not in the queue: {state}");
    Ok(End { after, answered, said })
}

/// Waits until the automation has said something, or people take over; answers whether it was an answer.
async fn end(socket: &mut Socket, id: &str) -> anyhow::Result<bool> {
    let is_end = |frame: &Value| {
        let entry = &frame["entry"];
        let answer = entry["kind"] == "message" && entry["author"]["kind"] == "automation";
        entry["conversation"] == id && (answer || entry["body"]["event"] == "handed_off")
    };
    let frame = socket.expect_where("an answer, or people", PATIENCE, is_end).await?;
    Ok(frame["entry"]["kind"] == "message")
}

/// An agent passes a conversation to an automation that hands it back, again and again.
async fn passed_back(visitors: &Visitors<'_>, agent: &Staff, case: &Case) -> anyhow::Result<Vec<End>> {
    let visitor = Visitor::arrive(&visitors.system.http()).await?;
    let _socket = agent.socket().await?;
    agent.presence("away").await?;
    let id = visitor.ask_people("hello").await?;
    let mut ends = Vec::new();
    for pass in 0..PASSES {
        agent.act(&id, "claim", json!({})).await?;
        visitor.say(&id, &format!("question {pass}")).await?;
        let begun = Instant::now();
        agent.act(&id, "transfer", json!({ "to": { "automation": case.automation } })).await?;
        visitor.until(&id, "handed back", PATIENCE, |c| c["owner"]["kind"] == "queue").await?;
        ends.push(End { after: begun.elapsed(), answered: false, said: Vec::new() });
    }
    Ok(ends)
}
