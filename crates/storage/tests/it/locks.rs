//! Transactions that meet, callers that go away, and the locks of processes.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_account, both};
use std::time::{Duration, Instant};
use switchboard_domain::{Role, SessionId, TokenHash};
use switchboard_storage::conversation::Change;
use switchboard_storage::session::Session;
use switchboard_storage::{Error, Options, Store, account, conversation, meta, session};
use tokio::time::{sleep, timeout};

both!(
    a_cancelled_caller_leaves_nothing_behind,
    a_dropped_transaction_is_rolled_back,
    a_deactivation_waits_for_who_acts,
    commits_are_durable_here,
    one_router_at_a_time,
    futures_may_travel,
);

/// Callers give up at every moment; afterwards nothing of theirs is there and every connection works.
async fn a_cancelled_caller_leaves_nothing_behind(f: Fixture) {
    for n in 0..60u64 {
        let store = f.store.clone();
        let work = async move {
            let mut tx = store.write().await.unwrap();
            let batch: Vec<_> = (0..20).map(|_| a_conversation()).collect();
            conversation::insert(&mut tx, &batch).await.unwrap();
            conversation::heads(&mut tx, &batch.iter().map(|c| c.id.clone()).collect::<Vec<_>>())
                .await
                .unwrap();
            sleep(Duration::from_secs(60)).await;
        };
        let _ = timeout(Duration::from_micros(n * n * 5), work).await;
    }
    let mut tx = f.store.write().await.unwrap();
    meta::set(&mut tx, "probe", "1").await.unwrap();
    tx.commit().await.unwrap();
    let readers: Vec<_> = (0..20)
        .map(|_| {
            let store = f.store.clone();
            tokio::spawn(async move {
                let mut tx = store.read().await.unwrap();
                assert_eq!(meta::get(&mut tx, "probe").await.unwrap().as_deref(), Some("1"));
                assert_eq!(meta::epoch(&mut tx).await.unwrap().len(), 32);
            })
        })
        .collect();
    for reader in readers {
        reader.await.unwrap();
    }
    assert_eq!(f.sql("SELECT COUNT(*) FROM conversations").trim(), "0");
}

async fn a_dropped_transaction_is_rolled_back(f: Fixture) {
    for _ in 0..40 {
        let mut tx = f.store.write().await.unwrap();
        meta::set(&mut tx, "probe", "dropped").await.unwrap();
    }
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(meta::get(&mut tx, "probe").await.unwrap(), None);
    meta::set(&mut tx, "probe", "rolled back").await.unwrap();
    tx.rollback().await;
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(meta::get(&mut tx, "probe").await.unwrap(), None);
}

/// Guarantee 15: who has been found active in a transaction stays so until it has committed.
async fn a_deactivation_waits_for_who_acts(f: Fixture) {
    let maya = add_account(&f.store, "maya", Role::Agent).await;
    let token = TokenHash::of("maya's");
    let session = Session {
        id: SessionId::timed(NOW, &Dice),
        token: token.clone(),
        account: maya.id.clone(),
        created_at: NOW,
        last_seen_at: NOW,
        expires_at: NOW + 1,
        address: String::new(),
        agent: String::new(),
        ended: None,
        ended_at: None,
    };
    let mut tx = f.store.write().await.unwrap();
    session::insert(&mut tx, &session).await.unwrap();
    tx.commit().await.unwrap();

    let mut acting = f.store.write().await.unwrap();
    assert!(session::lock_actor(&mut acting, &token).await.unwrap().unwrap().active);
    let store = f.store.clone();
    let deactivation = tokio::spawn(async move {
        let mut tx = store.write().await.unwrap();
        let change = account::Change { active: Some(false), ..account::Change::default() };
        account::update(&mut tx, &maya.id, &change, NOW).await.unwrap();
        tx.commit().await.unwrap();
    });
    sleep(Duration::from_millis(300)).await;
    assert!(!deactivation.is_finished(), "it must wait");
    meta::set(&mut acting, "done by", "maya").await.unwrap();
    acting.commit().await.unwrap();
    deactivation.await.unwrap();
    let mut tx = f.store.write().await.unwrap();
    assert!(!session::lock_actor(&mut tx, &token).await.unwrap().unwrap().active);
}

async fn commits_are_durable_here(f: Fixture) {
    let durability = f.store.durability().await.unwrap();
    assert!(durability.is_durable(), "{durability:?}");
    let name = if f.is_sqlite() { "SQLite 3" } else { "MariaDB 1" };
    assert!(durability.server.starts_with(name), "{durability:?}");
    if !f.is_sqlite() {
        f.sql("SET GLOBAL sync_binlog = 0");
        assert!(f.store.durability().await.unwrap().is_durable(), "without a binary log it does not matter");
    }
}

async fn one_router_at_a_time(f: Fixture) {
    let other = Store::open(&f.database.url(), Options::default()).await.unwrap();
    let mut first = f.store.router_lock().await.unwrap().unwrap();
    assert!(first.is_held().await);
    assert!(other.router_lock().await.unwrap().is_none());
    first.release().await;
    let mut second = other.router_lock().await.unwrap().unwrap();
    assert!(second.is_held().await);
    drop(second);
    let began = Instant::now();
    let third = loop {
        if let Some(lock) = f.store.router_lock().await.unwrap() {
            break lock;
        }
        assert!(began.elapsed() < Duration::from_secs(5), "a dropped lock is free at once");
        sleep(Duration::from_millis(20)).await;
    };
    drop(third);

    let lease = f.store.dbmgr_lease().await.unwrap();
    assert!(lease.is_some());
    assert_eq!(
        other.dbmgr_lease().await.unwrap().is_some(),
        !f.is_sqlite(),
        "one dbmgr on SQLite, any number else"
    );
    let mut tx = other.write().await.unwrap();
    meta::set(&mut tx, "su", "may write").await.unwrap();
    tx.commit().await.unwrap();
}

/// Everything can be run in a task of its own, which is how a caller's disappearance is kept away from it.
async fn futures_may_travel(f: Fixture) {
    let c = a_conversation();
    add(&f.store, std::slice::from_ref(&c)).await;
    let store = f.store.clone();
    let found = tokio::spawn(async move {
        let mut tx = store.write().await?;
        let found = conversation::lock_many(&mut tx, std::slice::from_ref(&c.id)).await?;
        let same = found.iter().map(|c| Change { was: c.clone(), now: c.clone() });
        conversation::save_many(&mut tx, &same.collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok::<_, Error>(found.len())
    });
    assert_eq!(found.await.unwrap().unwrap(), 1);
}

#[tokio::test]
async fn a_lock_held_too_long_and_a_deadlock_ask_for_a_rerun() {
    let f = Fixture::mariadb().await.migrated().await;
    let (mut one, mut two) = (a_conversation(), a_conversation());
    if two.id < one.id {
        std::mem::swap(&mut one, &mut two);
    }
    add(&f.store, &[one.clone(), two.clone()]).await;
    let mut a = f.store.write().await.unwrap();
    conversation::lock(&mut a, &one.id).await.unwrap();
    let mut b = f.store.write().await.unwrap();
    let began = Instant::now();
    let late = conversation::lock(&mut b, &one.id).await;
    assert!(matches!(&late, Err(Error::Busy(_))), "{late:?}");
    assert!((2..6).contains(&began.elapsed().as_secs()), "innodb_lock_wait_timeout is 3 s");
    b.rollback().await;

    let mut b = f.store.write().await.unwrap();
    conversation::lock(&mut b, &two.id).await.unwrap();
    let (store_one, store_two) = (one.id.clone(), two.id.clone());
    let (left, right) =
        tokio::join!(conversation::lock(&mut a, &store_two), conversation::lock(&mut b, &store_one));
    let (lost, won) = if left.is_err() { (left, right) } else { (right, left) };
    assert!(matches!(&lost, Err(Error::Deadlock(_))), "{lost:?}");
    assert!(lost.is_err_and(|error| error.is_rerun()));
    assert!(won.is_ok());
}

/// A process that is stopped says nothing; neither does this one, until the server has had enough.
#[tokio::test]
async fn a_silent_router_loses_the_lock() {
    let f = Fixture::mariadb().await.migrated().await;
    let mut silent = f.store.router_lock().await.unwrap().unwrap();
    let began = Instant::now();
    let mut successor = loop {
        if let Some(lock) = f.store.router_lock().await.unwrap() {
            break lock;
        }
        assert!(began.elapsed() < Duration::from_secs(15), "the server must close the silent connection");
        sleep(Duration::from_millis(200)).await;
    };
    assert!(began.elapsed() > Duration::from_secs(5), "but not a router that is merely slow");
    assert!(successor.is_held().await);
    assert!(!silent.is_held().await);
}
