//! Who stands in line for SQLite's one writer.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use switchboard_domain::Secret;
use switchboard_storage::{Options, Store};
use switchboard_wire::Credential;
use switchboard_wire::call::visitor::{ArriveVisitor, StartWith};
use tokio::task::JoinSet;

use crate::people::{key, message};
use crate::world::{Dice, World};

/// Calls that want to write before the message does.
const CALLS: usize = 64;
/// So many may be served before it, with what is answered while its own answer is on the way.
const BEFORE: usize = 24;
/// Until all of them stand in line.
const GATHER: Duration = Duration::from_millis(300);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_does_not_wait_for_all_calls() {
    let world = World::sqlite().await;
    let visitor = world.visitor().await;
    let conversation = world.begin(&visitor, StartWith::People).await;
    let another = Store::open(&world.database.url(), Options::default()).await.unwrap();
    let held = another.write().await.unwrap();
    let done = Arc::new(AtomicUsize::new(0));
    let mut calls = JoinSet::new();
    for _ in 0..CALLS {
        let (dbmgr, done) = (world.dbmgr().clone(), Arc::clone(&done));
        calls.spawn(async move {
            let hash = Secret::new(&Dice).hash();
            let call = ArriveVisitor { token_hash: Some(hash), ..ArriveVisitor::default() };
            dbmgr.call(Credential::Nobody, call).await.unwrap();
            done.fetch_add(1, Ordering::SeqCst);
        });
    }
    tokio::time::sleep(GATHER).await;
    let item = message(&visitor, &conversation.id, &key(), "am I the last?");
    let saying = async {
        world.append(vec![item]).await.remove(0).unwrap();
        done.load(Ordering::SeqCst)
    };
    let freeing = async {
        tokio::time::sleep(GATHER).await;
        assert_eq!(done.load(Ordering::SeqCst), 0, "somebody wrote while another process did");
        held.rollback().await;
    };
    let (before, ()) = tokio::join!(saying, freeing);
    assert!(before <= BEFORE, "{before} of {CALLS} calls were served before the message");
    calls.join_all().await;
    assert_eq!(done.load(Ordering::SeqCst), CALLS);
}
