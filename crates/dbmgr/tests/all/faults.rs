//! What a fault leaves: nothing acknowledged is lost, nothing is there twice, and work goes on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use switchboard_testkit::{Database, MariaDb, TempDir};
use switchboard_wire::call::conversation::GetConversation;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::{Failure, Problem};

use crate::people::{key, message};
use crate::world::World;

/// The database is killed under writers who try again with the same ids, as clients do.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_database_loses_nothing_acknowledged() {
    let server = Arc::new(MariaDb::start().unwrap());
    let url = server.database().unwrap();
    let database = Database::MariaDb(Arc::clone(&server), url);
    let world = Arc::new(World::open(database, TempDir::new().unwrap(), true).await);
    let over = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    for _ in 0..8 {
        let visitor = Arc::new(world.visitor().await);
        let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
        let (world, over) = (world.clone(), over.clone());
        writers.push(tokio::spawn(async move {
            let (mut acked, mut refused) = (Vec::new(), 0);
            while !over.load(Ordering::SeqCst) {
                let id = key();
                loop {
                    match world.append(vec![message(&visitor, &c.id, &id, "word")]).await.remove(0) {
                        Ok(ack) => {
                            acked.push((ack.seq, ack.id));
                            break;
                        }
                        Err(Failure { problem: Problem::Unavailable, .. }) => {
                            refused += 1;
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                        Err(failure) => panic!("{failure}"),
                    }
                }
            }
            (c.id, acked, refused)
        }));
    }
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let server = Arc::clone(&server);
        tokio::task::spawn_blocking(move || {
            server.kill().unwrap();
            server.restart().unwrap();
        })
        .await
        .unwrap();
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    over.store(true, Ordering::SeqCst);
    for writer in writers {
        let (id, acked, _) = writer.await.unwrap();
        assert!(acked.len() > 10, "work goes on after a fault");
        assert!(acked.is_sorted_by_key(|(seq, _)| *seq));
        let stored = world
            .database
            .sql(&format!(
                "SELECT seq, id FROM entries WHERE conversation_id = '{id}' AND seq > 1 ORDER BY seq"
            ))
            .unwrap();
        let acked: Vec<String> = acked.into_iter().map(|(seq, id)| format!("{seq}\t{id}")).collect();
        assert_eq!(
            stored.lines().collect::<Vec<_>>(),
            acked,
            "stored is what was acknowledged, once, in order"
        );
    }
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
