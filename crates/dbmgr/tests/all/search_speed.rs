//! How long a search takes, and what indexing costs those who write. Measures, so it is run by hand:
//! `SEARCH_LINES=1000000 cargo test -p switchboard-dbmgr --release --test all search_speed -- --ignored --nocapture`

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use switchboard_domain::{
    Author, AuthorKind, Conversation, ConversationId, Entry, EntryId, EntryKind, Owner, VisitorId,
};
use switchboard_storage::{Options, Store, conversation, entry};
use switchboard_wire::Credential;
use switchboard_wire::call::router::{GetUnindexed, IndexLines};
use switchboard_wire::call::search::Search;
use switchboard_wire::call::visitor::StartWith;

use crate::people::{key, message};
use crate::world::{Dice, World};

const PER_CONVERSATION: usize = 20;
const WORDS: usize = 60_000;

/// Words as people use them: the one of rank r once in about r times the number of the first.
struct Zipf(Vec<f64>, u64);

impl Zipf {
    fn new() -> Self {
        let mut sum = 0.0;
        let ranks = (1..=WORDS).map(|rank| {
            sum += 1.0 / f64::from(u32::try_from(rank).unwrap()).powf(1.05);
            sum
        });
        Self(ranks.collect(), 1)
    }

    fn random(&mut self) -> f64 {
        self.1 = self.1.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        f64::from(u32::try_from(self.1 >> 33).unwrap()) / f64::from(1_u32 << 31)
    }

    fn text(&mut self) -> String {
        let count = 4 + (self.random() * 24.0) as usize;
        let words: Vec<String> = (0..count)
            .map(|_| {
                let at = self.random() * self.0.last().unwrap();
                format!("w{:x}q", self.0.partition_point(|sum| *sum < at))
            })
            .collect();
        words.join(" ")
    }
}

async fn fill(store: &Store, lines: usize) {
    let mut zipf = Zipf::new();
    for piece in 0..lines / PER_CONVERSATION / 25 {
        let at = 1_700_000_000_000 + i64::try_from(piece).unwrap() * 1_000;
        let mut all = Vec::new();
        let mut entries = Vec::new();
        for _ in 0..25 {
            let id = ConversationId::timed(at, &Dice);
            let mut c = Conversation::new(id.clone(), VisitorId::random(&Dice), "Noor".into(), at);
            (c.owner, c.head) = (Owner::Queue, i64::try_from(PER_CONVERSATION).unwrap());
            all.push(c);
            entries.extend((1..=PER_CONVERSATION).map(|seq| Entry {
                conversation: id.clone(),
                seq: i64::try_from(seq).unwrap(),
                id: EntryId::timed(at, &Dice),
                at,
                kind: EntryKind::Message,
                public: true,
                public_before: i64::try_from(seq).unwrap() - 1,
                author: Author { kind: AuthorKind::Visitor, id: Some("V1".into()), name: "Noor".into() },
                body: format!(r#"{{"text":"{}"}}"#, zipf.text()),
                client: None,
            }));
        }
        let mut tx = store.write().await.unwrap();
        conversation::insert(&mut tx, &all).await.unwrap();
        entry::insert(&mut tx, &entries).await.unwrap();
        tx.commit().await.unwrap();
    }
}

async fn measure(world: World, name: &str) {
    let lines: usize = std::env::var("SEARCH_LINES").map_or(20_000, |lines| lines.parse().unwrap());
    let (_, maya) = world.agent("maya").await;
    let store = Store::open(&world.database.url(), Options::default()).await.unwrap();
    fill(&store, lines).await;
    let began = Instant::now();
    let mut after = None;
    loop {
        let piece = world.house(GetUnindexed { after, limit: 1_000 }).await;
        for some in piece.conversations.chunks(128) {
            let mut some = some.to_vec();
            while !some.is_empty() {
                some = world.house(IndexLines { conversations: some }).await.left;
            }
        }
        after = piece.next;
        if after.is_none() {
            break;
        }
    }
    println!("{name}: {lines} lines indexed without a rest in {:.1} s", began.elapsed().as_secs_f64());
    let mut all: Vec<Duration> = Vec::new();
    for q in [
        "w0q ",
        "w5q ",
        "w20q ",
        "w100q ",
        "w1000q ",
        "wc350q ",
        "w5q w30q ",
        "w20q w100q ",
        "\"w5q w0q\"",
        "w1",
        "w10",
        "wc3",
        "nosuch",
    ] {
        let mut times: Vec<Duration> = Vec::new();
        let mut hits = 0;
        for _ in 0..40 {
            let began = Instant::now();
            let call = Search { q: q.into(), limit: Some(30), cursor: None };
            let page = world.call(&maya.by, call).await.unwrap();
            times.push(began.elapsed());
            hits = page.items.iter().map(|found| found.hits.len()).sum();
        }
        all.extend(&times);
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1_000.0;
        println!("{name}: {q:<14} {hits:>3} hits  p50 {:>7.2} ms  worst of 40 {:>7.2} ms", ms(20), ms(39));
    }
    all.sort();
    let p99 = all[all.len() * 99 / 100].as_secs_f64() * 1_000.0;
    println!("{name}: a first page of any of them among {lines} lines: p99 {p99:.1} ms of {}", all.len());
    appends(&Arc::new(world), name).await;
}

/// Messages a second while nobody indexes and while somebody does as the router does, in pairs.
async fn appends(world: &Arc<World>, name: &str) {
    let mut talkers = Vec::new();
    for _ in 0..50 {
        let visitor = world.visitor().await;
        let c = world.begin(&visitor, StartWith::People).await.id;
        talkers.push((visitor, c));
    }
    let mut zipf = Zipf::new();
    let mut ratios = Vec::new();
    for pair in 0..5 {
        let mut took = [0.0, 0.0];
        for turn in 0..2 {
            let with = (turn + pair) % 2 == 1;
            let stop = Arc::new(AtomicBool::new(false));
            let indexer = with.then(|| {
                let (world, stop) = (Arc::clone(world), Arc::clone(&stop));
                let all: Vec<String> = talkers.iter().map(|(_, c)| c.clone()).collect();
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        let began = Instant::now();
                        let call = IndexLines { conversations: all.clone() };
                        let _ = world.dbmgr().call(Credential::Component, call).await;
                        tokio::time::sleep((began.elapsed() * 9).max(Duration::from_millis(20))).await;
                    }
                })
            });
            let began = Instant::now();
            for _ in 0..60 {
                let items =
                    talkers.iter().map(|(visitor, c)| message(visitor, c, &key(), &zipf.text())).collect();
                for answer in world.append(items).await {
                    answer.unwrap();
                }
            }
            took[usize::from(with)] = began.elapsed().as_secs_f64();
            stop.store(true, Ordering::Relaxed);
            if let Some(indexer) = indexer {
                indexer.await.unwrap();
            }
        }
        ratios.push(took[0] / took[1]);
    }
    ratios.sort_by(f64::total_cmp);
    println!("{name}: appends while indexing ÷ appends alone: median {:.2}, {ratios:.2?}", ratios[2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn on_sqlite() {
    measure(World::sqlite().await, "SQLite").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn on_mariadb() {
    measure(World::mariadb().await, "MariaDB").await;
}
