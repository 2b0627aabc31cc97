//! What may not be durable yet is made so before anybody is told of it.

use std::sync::Arc;
use switchboard_testkit::{Database, MariaDb, TempDir};
use switchboard_wire::call::conversation::GetEntries;
use switchboard_wire::call::visitor::StartWith;

use crate::people::{Person, key, message};
use crate::world::World;

/// Longer than any commit is on its way.
const LATER_MS: i64 = 120_000;

/// What the last commit wrote that was made for this only.
fn settled(world: &World) -> String {
    world.database.value("SELECT COALESCE(MAX(value), '') FROM meta WHERE name = 'settled'").unwrap()
}

async fn read(world: &World, visitor: &Person, id: &str) -> usize {
    let call = GetEntries { id: id.to_owned(), after: None, before: None, limit: None };
    world.call(&visitor.by, call).await.unwrap().items.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_young_is_settled_before_it_is_shown_on_mariadb() {
    let world = World::mariadb().await;
    let visitor = world.visitor().await;
    let id = world.begin(&visitor, StartWith::People).await.id;
    let item = message(&visitor, &id, &key(), "hello");
    world.append(vec![item.clone()]).await.remove(0).unwrap();
    let before = settled(&world);
    assert!(read(&world, &visitor, &id).await > 0);
    let shown = settled(&world);
    assert_ne!(shown, before, "a page of young entries was shown as they were found");
    assert!(world.append(vec![item]).await.remove(0).unwrap().repeated);
    let repeated = settled(&world);
    assert_ne!(repeated, shown, "a repeat was acknowledged as it was found");
    world.append(vec![message(&visitor, &id, &key(), "more")]).await.remove(0).unwrap();
    assert_eq!(settled(&world), repeated, "a commit that writes needs no other");
    world.clock.forward(LATER_MS);
    read(&world, &visitor, &id).await;
    assert_eq!(settled(&world), repeated, "what is old costs nothing");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn those_who_read_together_share_a_commit() {
    // One of its own: what is counted is counted for the whole server.
    let server = Arc::new(MariaDb::start().unwrap());
    let database = Database::MariaDb(Arc::clone(&server), server.database().unwrap());
    let world = World::open(database, TempDir::new().unwrap(), true).await;
    let visitor = world.visitor().await;
    let id = world.begin(&visitor, StartWith::People).await.id;
    let commits = || -> i64 {
        let sql = "SHOW GLOBAL STATUS LIKE 'Handler_update'";
        world.database.value(sql).unwrap().split('\t').next_back().unwrap().parse().unwrap()
    };
    read(&world, &visitor, &id).await;
    let before = commits();
    let reads = (0..64).map(|_| read(&world, &visitor, &id));
    assert!(futures_util::future::join_all(reads).await.into_iter().all(|count| count > 0));
    let made = commits() - before;
    assert!((1..60).contains(&made), "64 readers made {made} commits");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_shows_only_what_is_durable() {
    let world = World::sqlite().await;
    let visitor = world.visitor().await;
    let id = world.begin(&visitor, StartWith::People).await.id;
    read(&world, &visitor, &id).await;
    assert_eq!(settled(&world), "");
}
