//! One cut.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_testkit::{Faults, Http, Socket, Staff, Visitor, wait};

use super::Stage;
use crate::load::arrive;

/// Between two messages of the visitor.
const PACE: Duration = Duration::from_millis(40);
/// Before the cut everything flows for so long.
const FLOWS: Duration = Duration::from_millis(600);
/// How long the agent's socket may stay open before the round is given up.
const GIVE_UP: Duration = Duration::from_secs(15);
/// The cut goes on for so long after the socket has closed.
const STAYS_CUT: Duration = Duration::from_secs(1);
/// How long anything ordinary may take.
const SOON: Duration = Duration::from_secs(15);

/// What one round has shown.
#[derive(Debug)]
pub(super) struct Round {
    /// When each frame for the agent was read after the cut, the farewell aside.
    shown: Vec<Duration>,
    /// When its socket was closed.
    pub(super) closed: Duration,
    /// The cookie was good on the other node while this one was cut.
    pub(super) elsewhere: bool,
    /// The visitor's socket stayed and has everything.
    pub(super) visitor_whole: bool,
    /// The agent is back and has everything.
    pub(super) agent_whole: bool,
    /// How long that took once the database was back.
    pub(super) back: Duration,
}

impl Round {
    /// How many frames the agent was shown later than this.
    pub(super) fn shown_after(&self, late: Duration) -> usize {
        self.shown.iter().filter(|at| **at > late).count()
    }

    /// When the last one was.
    pub(super) fn last_shown(&self) -> Duration {
        self.shown.iter().max().copied().unwrap_or_default()
    }
}

pub(super) async fn run(stage: &Stage, faults: &Faults) -> anyhow::Result<Round> {
    let (cut, whole) = (Http::new(&stage.system.address(0)), Http::new(&stage.system.address(1)));
    let staff = &stage.crew.agents[0];
    let mut agent = staff_socket(staff, &cut).await?;
    let visitor = arrive(&whole).await?;
    let id = visitor.ask_people("hello").await?;
    let here = Staff { http: staff.http.clone().at(whole.address()), ..staff.clone() };
    here.until(&id, "an owner", SOON, |c| c["owner"]["kind"] == "agent").await?;
    let watching = visitor_socket(&visitor, &cut, &id).await?;
    let mut writing = visitor_socket(&visitor, &whole, &id).await?;
    let mut sent = 0;
    let begun = Instant::now();
    while begun.elapsed() < FLOWS {
        say(&mut writing, &id, &mut sent).await?;
    }
    let shown = agent.of_type("entry").len();
    ensure!(shown >= sent / 2, "only {shown} of {sent} entries reach the agent before the cut");
    drop((agent.take(), watching.frames()));
    let start = Instant::now();
    stage.proxy.set(faults.clone());
    if faults.refuse {
        stage.proxy.cut_all();
    }
    let closed = loop {
        say(&mut writing, &id, &mut sent).await?;
        if agent.ended().is_some() {
            break start.elapsed();
        }
        ensure!(start.elapsed() < GIVE_UP, "the agent's socket is still open after {GIVE_UP:?}");
    };
    let (code, _) = agent.ended().context("closed")?;
    let frames = agent.take();
    let bye = frames.iter().find(|(_, frame)| frame["type"] == "bye").map(|(_, frame)| frame.clone());
    ensure!(code == 1013, "closed with {code} instead of 1013: {bye:?}");
    ensure!(bye.is_some_and(|bye| bye["retry_after"].is_number()), "nobody said when to come back");
    let shown = frames
        .iter()
        .filter(|(_, frame)| frame["type"] != "bye")
        .map(|(at, _)| at.saturating_duration_since(start))
        .collect();
    let elsewhere = staff_socket(staff, &whole).await.is_ok();
    let until = Instant::now() + STAYS_CUT;
    while Instant::now() < until {
        say(&mut writing, &id, &mut sent).await?;
    }
    let stayed = watching.ended().is_none();
    let healed = Instant::now();
    stage.proxy.heal();
    let (mut again, back) =
        Box::pin(wait::until("the agent is back", SOON, async || Ok(staff_socket(staff, &cut).await.ok())))
            .await
            .map(|(socket, _)| (socket, healed.elapsed()))?;
    let (for_visitor, for_staff) = (visitor.entries(&id).await?, here.entries(&id).await?);
    ensure!(for_staff.len() > sent, "{} of {sent} messages are stored", for_staff.len());
    again.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    let agent_whole = shows(&again, &for_staff).await;
    let visitor_whole = stayed && shows(&watching, &for_visitor).await;
    let _ = visitor.http.post(&format!("/visitor/conversations/{id}/resolve"), json!({})).await;
    Ok(Round { shown, closed, elsewhere, visitor_whole, agent_whole, back })
}

/// Says something, and waits for the acknowledgement.
async fn say(writing: &mut Socket, id: &str, sent: &mut usize) -> anyhow::Result<()> {
    let client = switchboard_testkit::unique("cut");
    let body = json!({ "text": format!("message {sent}") });
    writing
        .send(&json!({ "type": "send", "conversation": id, "client_msg_id": client, "body": body }))
        .await?;
    let answers = |frame: &Value| frame["client_msg_id"] == client.as_str();
    let ack = writing
        .expect_where("the ack on the other node", SOON, |f| f["type"] != "entry" && answers(f))
        .await?;
    ensure!(ack["type"] == "ack", "the other node refused: {ack}");
    *sent += 1;
    tokio::time::sleep(PACE).await;
    Ok(())
}

async fn staff_socket(staff: &Staff, node: &Http) -> anyhow::Result<Socket> {
    let at = Staff { http: staff.http.clone().at(node.address()), ..staff.clone() };
    at.socket().await
}

async fn visitor_socket(visitor: &Visitor, node: &Http, id: &str) -> anyhow::Result<Socket> {
    let at = Visitor { http: visitor.http.clone().at(node.address()), ..visitor.clone() };
    let mut socket = at.socket().await?;
    socket.send(&json!({ "type": "resume", "conversation": id, "last_seq": 0 })).await?;
    Ok(socket)
}

/// Whether a socket has been shown exactly this, repeats aside, in order.
async fn shows(socket: &Socket, stored: &[Value]) -> bool {
    let whole = wait::until("everything", SOON, async || {
        let mut seen: Vec<Value> = Vec::new();
        for frame in socket.of_type("entry") {
            let entry = frame["entry"].clone();
            let last = seen.last().map_or(0, |last| last["seq"].as_u64().unwrap_or_default());
            if entry["seq"].as_u64().unwrap_or_default() > last {
                seen.push(entry);
            }
        }
        Ok((seen == stored).then_some(()))
    });
    Box::pin(whole).await.is_ok()
}
