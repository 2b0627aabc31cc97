//! A database that goes away and comes back.

use crate::fixture::{Dice, Fixture, NOW};
use std::time::{Duration, Instant};
use switchboard_storage::{Error, Options, Store, meta};
use switchboard_testkit::MariaDb;

/// How soon the database's return must be noticed (guarantees, §3).
const BACK: Duration = Duration::from_secs(10);

async fn until_back(store: &Store) {
    let began = Instant::now();
    while let Err(error) = store.ping().await {
        assert!(began.elapsed() < BACK, "{error}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_server_is_unavailable_and_then_back() {
    let server = tokio::task::spawn_blocking(MariaDb::start).await.unwrap().unwrap();
    let store = Store::open(&server.database().unwrap(), Options::default()).await.unwrap();
    store.migrate(NOW, &Dice).await.unwrap();
    let mut kept = store.write().await.unwrap();
    meta::set(&mut kept, "acked", "1").await.unwrap();
    kept.commit().await.unwrap();
    let mut lock = store.router_lock().await.unwrap().unwrap();

    let mut open = store.write().await.unwrap();
    meta::set(&mut open, "lost", "1").await.unwrap();
    let mut other = store.write().await.unwrap();
    server.kill().unwrap();
    let failed = meta::set(&mut other, "lost", "2").await;
    assert!(matches!(&failed, Err(Error::Unavailable(_))), "{failed:?}");
    let unknown = open.commit().await;
    assert!(matches!(&unknown, Err(Error::CommitUnknown(_))), "{unknown:?}");
    assert!(!lock.is_held().await);
    let away = store.ping().await;
    assert!(matches!(&away, Err(Error::Unavailable(_))), "{away:?}");

    server.restart().unwrap();
    until_back(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(meta::get(&mut tx, "acked").await.unwrap().as_deref(), Some("1"));
    assert_eq!(meta::get(&mut tx, "lost").await.unwrap(), None);
    assert!(store.router_lock().await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stopped_server_keeps_nobody_waiting_for_ever() {
    let server = tokio::task::spawn_blocking(MariaDb::start).await.unwrap().unwrap();
    let short = Duration::from_millis(500);
    let options = Options { acquire: short, statement: short, commit: short, ..Options::default() };
    let store = Store::open(&server.database().unwrap(), options).await.unwrap();
    store.migrate(NOW, &Dice).await.unwrap();
    let mut open = store.write().await.unwrap();
    meta::set(&mut open, "maybe", "1").await.unwrap();
    let mut late = store.write().await.unwrap();
    server.pause().unwrap();
    let began = Instant::now();
    let stuck = meta::set(&mut late, "x", "1").await;
    assert!(matches!(&stuck, Err(Error::Unavailable(_))), "{stuck:?}");
    let again = meta::set(&mut late, "x", "1").await;
    assert!(again.is_err(), "a connection out of step is not used again");
    let unknown = open.commit().await;
    assert!(matches!(&unknown, Err(Error::CommitUnknown(_))), "{unknown:?}");
    assert!(began.elapsed() < Duration::from_secs(3));
    server.resume().unwrap();
    until_back(&store).await;
}

#[tokio::test]
async fn a_read_only_server_is_unavailable_and_nothing_is_done() {
    let server = tokio::task::spawn_blocking(MariaDb::start).await.unwrap().unwrap();
    let url = server.database().unwrap();
    server
        .sql(
            "",
            "CREATE USER sb@'%' IDENTIFIED BY 'pw'; GRANT ALL ON *.* TO sb@'%'; \
                    REVOKE SUPER, READ_ONLY ADMIN ON *.* FROM sb@'%'",
        )
        .unwrap();
    let store = Store::open(&url.replace("root@", "sb:pw@"), Options::default()).await.unwrap();
    store.migrate(NOW, &Dice).await.unwrap();
    server.sql("", "SET GLOBAL read_only = 1").unwrap();
    let mut tx = store.write().await.unwrap();
    let refused = meta::set(&mut tx, "x", "1").await;
    assert!(matches!(&refused, Err(Error::Unavailable(_))), "{refused:?}");
    tx.rollback().await;
    store.ping().await.unwrap();
    server.sql("", "SET GLOBAL read_only = 0").unwrap();
    let mut tx = store.write().await.unwrap();
    meta::set(&mut tx, "x", "1").await.unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn nobody_is_told_a_password() {
    let store = Store::open(
        "mysql://u:sesame@127.0.0.1:1/d",
        Options { acquire: Duration::from_millis(200), ..Options::default() },
    )
    .await
    .unwrap();
    let error = store.ping().await.unwrap_err();
    assert!(matches!(error, Error::Unavailable(_)), "{error:?}");
    assert!(!format!("{error} {error:?} {store:?}").contains("sesame"));
}

#[tokio::test]
async fn a_locked_sqlite_file_is_busy_and_then_free() {
    let f = Fixture::sqlite().await.migrated().await;

    let other = Store::open(&f.database.url(), Options::default()).await.unwrap();
    let held = other.write().await.unwrap();
    let began = Instant::now();
    let busy = f.store.write().await;
    assert!(matches!(&busy, Err(Error::Busy(_))), "{busy:?}");
    assert!((4..8).contains(&began.elapsed().as_secs()));
    // Readers do not mind.
    f.store.ping().await.unwrap();
    held.rollback().await;
    f.store.write().await.unwrap().commit().await.unwrap();
}
