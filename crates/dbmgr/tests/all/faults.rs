//! What a fault leaves: nothing acknowledged is lost, nothing is there twice, and work goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use switchboard_storage::Options;
use switchboard_testkit::{Database, MariaDb, TempDir};
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::{Failure, Problem};

use crate::people::{key, message};
use crate::world::World;

/// What one writer saw.
struct Seen {
    conversation: String,
    acked: Vec<(i64, String)>,
    refused: usize,
}

/// Eight writers, each in a conversation of its own, who try again with the same id as clients do, while `trouble`
/// goes on. Then what is stored must be what was acknowledged: once, in order, nothing more and nothing less.
async fn write_through(world: World, trouble: impl Future<Output = ()>) {
    let world = Arc::new(world);
    let over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for _ in 0..8 {
        let visitor = Arc::new(world.visitor().await);
        let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
        let (world, over) = (world.clone(), over.clone());
        writers.push(tokio::spawn(async move {
            let mut seen = Seen { conversation: c.id, acked: Vec::new(), refused: 0 };
            while !over.load(Ordering::SeqCst) {
                let id = key();
                loop {
                    let say = vec![message(&visitor, &seen.conversation, &id, "word")];
                    match world.append(say).await.remove(0) {
                        Ok(ack) => {
                            seen.acked.push((ack.seq, ack.id));
                            break;
                        }
                        Err(Failure { problem: Problem::Unavailable, .. }) => {
                            seen.refused += 1;
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        Err(failure) => panic!("{failure}"),
                    }
                }
            }
            seen
        }));
    }
    trouble.await;
    over.store(true, Ordering::SeqCst);
    for writer in writers {
        let seen = writer.await.unwrap();
        assert!(seen.acked.len() > 10, "work goes on after a fault ({} refused)", seen.refused);
        let rows = format!(
            "SELECT seq, id FROM entries WHERE conversation_id = '{}' AND seq > 1 ORDER BY seq",
            seen.conversation
        );
        let stored = world.database.sql(&rows).unwrap();
        let acked: Vec<String> = seen.acked.into_iter().map(|(seq, id)| format!("{seq}\t{id}")).collect();
        assert_eq!(stored.lines().collect::<Vec<_>>(), acked);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_loses_nothing_acknowledged() {
    let server = Arc::new(MariaDb::start().unwrap());
    let database = Database::MariaDb(Arc::clone(&server), server.database().unwrap());
    let world = World::open(database, TempDir::new().unwrap(), true).await;
    write_through(world, async {
        for _ in 0..3 {
            tokio::time::sleep(Duration::from_millis(300)).await;
            let server = Arc::clone(&server);
            let again = move || {
                server.kill().unwrap();
                server.restart().unwrap();
            };
            tokio::task::spawn_blocking(again).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    })
    .await;
}

/// Commits whose answer never comes are looked up, not guessed: the server is frozen for longer than a commit may
/// take, at any moment of one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commits_of_unknown_outcome_are_found_out() {
    let server = Arc::new(MariaDb::start().unwrap());
    let database = Database::MariaDb(Arc::clone(&server), server.database().unwrap());
    let impatient = Options {
        acquire: Duration::from_millis(500),
        statement: Duration::from_millis(250),
        commit: Duration::from_millis(150),
        ..Options::default()
    };
    let world = World::open_with(database, TempDir::new().unwrap(), true, impatient).await;
    write_through(world, async {
        for round in 0..25 {
            tokio::time::sleep(Duration::from_millis(60 + round)).await;
            server.pause().unwrap();
            tokio::time::sleep(Duration::from_millis(400)).await;
            server.resume().unwrap();
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
    })
    .await;
}

/// A database that hangs makes nobody wait for ever, and nothing of what it took unseen is there twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hanging_database_is_answered_for_and_recovers() {
    let server = Arc::new(MariaDb::start().unwrap());
    let url = server.database().unwrap();
    let database = Database::MariaDb(Arc::clone(&server), url);
    let world = World::open(database, TempDir::new().unwrap(), true).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    server.pause().unwrap();
    let began = std::time::Instant::now();
    let get = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await;
    assert_eq!(get.unwrap_err().problem, Problem::Unavailable);
    assert!(began.elapsed() < switchboard_dbmgr::limits::CALL + Duration::from_secs(1));
    server.resume().unwrap();
    let id = key();
    let mut answer = world.append(vec![message(&visitor, &c.id, &id, "word")]).await.remove(0);
    for _ in 0..20 {
        if answer.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        answer = world.append(vec![message(&visitor, &c.id, &id, "word")]).await.remove(0);
    }
    assert_eq!(answer.unwrap().seq, 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 2);
}
