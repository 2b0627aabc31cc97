//! What a connection costs that is used again and again.

use crate::fixture::Fixture;
use switchboard_storage::{Options, Store, meta};

/// A figure of the server's.
fn status(f: &Fixture, name: &str) -> u64 {
    let row = f.sql(&format!("SHOW GLOBAL STATUS LIKE '{name}'"));
    row.split_whitespace().nth(1).and_then(|number| number.parse().ok()).unwrap()
}

async fn batches(f: &Fixture, count: u64) {
    for n in 0..count {
        let mut tx = f.store.write_batch().await.unwrap();
        meta::set(&mut tx, "n", &n.to_string()).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_costs_its_statements_and_a_commit() {
    // The figure is the whole server's.
    let f = Fixture::mariadb_alone().await.migrated().await;
    batches(&f, 1).await;
    let before = status(&f, "Questions");
    batches(&f, 100).await;
    let asked = status(&f, "Questions") - before;
    // Nothing begins the transaction, and nothing asks whether the connection lives; a few are of the one who counts.
    assert!((200..210).contains(&asked), "{asked}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_that_is_dropped_or_given_up_leaves_nothing() {
    let f = Fixture::mariadb().await.migrated().await;
    let mut dropped = f.store.write_batch().await.unwrap();
    meta::set(&mut dropped, "n", "dropped").await.unwrap();
    drop(dropped);
    let mut given_up = f.store.write_batch().await.unwrap();
    meta::set(&mut given_up, "n", "given up").await.unwrap();
    given_up.rollback().await;
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(meta::get(&mut tx, "n").await.unwrap(), None);
    drop(tx);
    batches(&f, 1).await;
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(meta::get(&mut tx, "n").await.unwrap().as_deref(), Some("0"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_share_a_few_connections_and_a_closed_store_has_none() {
    let f = Fixture::mariadb().await.migrated().await;
    let options = Options { connections: 2, ..Options::default() };
    let store = Store::open(&f.database.url(), options).await.unwrap();
    let (one, two) = (store.read().await.unwrap(), store.read().await.unwrap());
    let third = tokio::time::timeout(std::time::Duration::from_millis(200), store.read()).await;
    assert!(third.is_err(), "there are two");
    drop((one, two));
    let all = (0..50).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.ping().await })
    });
    for one in futures_util::future::join_all(all).await {
        one.unwrap().unwrap();
    }
    let held = store.read().await.unwrap();
    let closing = tokio::spawn({
        let store = store.clone();
        async move { store.close().await }
    });
    tokio::task::yield_now().await;
    drop(held);
    closing.await.unwrap();
    assert!(store.ping().await.is_err());
}
