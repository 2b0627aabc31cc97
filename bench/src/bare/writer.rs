//! The writer of the bare pipeline: takes whatever waits, commits it, acknowledges and delivers.

use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use anyhow::{Context, ensure};
use async_nats::{Client, Message};
use futures_util::StreamExt;
use tokio::sync::{Semaphore, mpsc};

use super::edge::{Edge, whatever_waits};
use super::row::{Row, Stored};
use super::store::Store;
use super::{BATCH, WAITING};

/// Lists go to the writer here.
const APPEND: &str = "bare.append";
/// What is stored is told here.
const ENTRIES: &str = "bare.entries";
/// Lists of one edge that may be under way.
const UNDER_WAY: usize = 2;
/// Requests that may wait for the writer.
const REQUESTS: usize = 1_024;

/// Gives numbers in memory.
struct Numbers {
    by_conversation: HashMap<String, u64>,
    next: u64,
}

impl Numbers {
    /// Ids rise from the time of the start, so that none is given twice in the life of a table.
    fn new() -> Self {
        Self { by_conversation: HashMap::new(), next: now().0.unsigned_abs() << 20 }
    }

    fn give(&mut self, row: &mut Row) {
        let seq = match self.by_conversation.get_mut(&row.conversation) {
            Some(seq) => seq,
            None => self.by_conversation.entry(row.conversation.clone()).or_default(),
        };
        *seq += 1;
        self.next += 1;
        row.seq = *seq;
        row.id = format!("{:020}", self.next);
    }
}

/// Edge and writer in one process.
pub(super) async fn in_process(
    edge: &Rc<Edge>,
    mut rows: mpsc::Receiver<Row>,
    mut store: Store,
) -> anyhow::Result<()> {
    let mut numbers = Numbers::new();
    let mut touched = Vec::new();
    loop {
        let mut batch = whatever_waits(&mut rows).await?;
        batch.iter_mut().for_each(|row| numbers.give(row));
        let (ms, at) = now();
        let batch = store.commit(batch, ms).await?;
        for row in &batch {
            edge.ack(&row.stored(), &at, &mut touched);
            edge.deliver(row, &at, &mut touched);
        }
        edge.flush(&mut touched);
    }
}

/// The edge's half: lists to the writer, acknowledgements from its answers, messages from what it tells.
pub(super) async fn forward(
    edge: &Rc<Edge>,
    mut rows: mpsc::Receiver<Row>,
    nats: &Client,
) -> anyhow::Result<()> {
    let mut entries = nats.subscribe(ENTRIES).await?;
    nats.flush().await?;
    let listening = Rc::clone(edge);
    tokio::task::spawn_local(async move {
        let mut touched = Vec::new();
        while let Some(told) = entries.next().await {
            let Ok(told) = serde_json::from_slice::<Vec<Row>>(&told.payload) else { continue };
            let (_, at) = now();
            told.iter().for_each(|row| listening.deliver(row, &at, &mut touched));
            listening.flush(&mut touched);
        }
    });
    println!("ready");
    let under_way = Arc::new(Semaphore::new(UNDER_WAY));
    loop {
        let place = Arc::clone(&under_way).acquire_owned().await?;
        let batch = whatever_waits(&mut rows).await?;
        let (edge, nats) = (Rc::clone(edge), nats.clone());
        tokio::task::spawn_local(async move {
            // A list that is not answered is not acknowledged, which the load notices.
            if let Ok(answer) = append(&nats, &batch).await {
                let (mut touched, (_, at)) = (Vec::new(), now());
                answer.iter().for_each(|row| edge.ack(row, &at, &mut touched));
                edge.flush(&mut touched);
            }
            drop(place);
        });
    }
}

async fn append(nats: &Client, batch: &[Row]) -> anyhow::Result<Vec<Stored>> {
    let answer = nats.request(APPEND, serde_json::to_vec(batch)?.into()).await?;
    Ok(serde_json::from_slice(&answer.payload)?)
}

/// The writer's half.
pub(super) async fn behind_nats(mut store: Store, nats: &Client) -> anyhow::Result<()> {
    let mut requests = nats.subscribe(APPEND).await?;
    nats.flush().await?;
    let (sender, mut waiting) = mpsc::channel::<(Vec<Row>, Message)>(REQUESTS);
    tokio::task::spawn_local(async move {
        while let Some(request) = requests.next().await {
            let Ok(rows) = serde_json::from_slice::<Vec<Row>>(&request.payload) else { continue };
            if sender.send((rows, request)).await.is_err() {
                return;
            }
        }
    });
    println!("ready");
    let mut numbers = Numbers::new();
    loop {
        // Lists have up to a batch each; so many of them as together make about one.
        let mut lists = vec![waiting.recv().await.context("NATS is gone")?];
        while lists.iter().map(|(rows, _)| rows.len()).sum::<usize>() < BATCH {
            let Ok(list) = waiting.try_recv() else { break };
            lists.push(list);
        }
        let (lengths, requests): (Vec<usize>, Vec<Message>) =
            lists.iter().map(|(rows, request)| (rows.len(), request.clone())).unzip();
        let mut batch: Vec<Row> = lists.into_iter().flat_map(|(rows, _)| rows).collect();
        ensure!(batch.len() <= WAITING, "too long a list");
        batch.iter_mut().for_each(|row| numbers.give(row));
        let batch = store.commit(batch, now().0).await?;
        let mut rest = batch.as_slice();
        for (length, request) in lengths.into_iter().zip(requests) {
            let (own, others) = rest.split_at(length.min(rest.len()));
            rest = others;
            let stored: Vec<Stored> = own.iter().map(Row::stored).collect();
            let reply = request.reply.context("a list without a way back")?;
            nats.publish(reply, serde_json::to_vec(&stored)?.into()).await?;
        }
        nats.publish(ENTRIES, serde_json::to_vec(&batch)?.into()).await?;
    }
}

/// Now, in milliseconds and as text.
#[expect(clippy::disallowed_methods, reason = "the bare pipeline has nobody who would give it a clock")]
fn now() -> (i64, String) {
    let now = jiff::Timestamp::now();
    (now.as_millisecond(), now.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string())
}
