//! Conversations as rows: whole, in bulk, and changed by one winner only.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, both};
use switchboard_domain::{AccountId, ClientMsgId, Conversation, EntryId, Owner, Status, TeamId};
use switchboard_storage::conversation::Change;
use switchboard_storage::{Error, Unique, conversation};

both!(
    every_field_round_trips,
    a_batch_is_saved_whole,
    what_was_only_spoken_is_saved_too,
    a_start_key_is_used_once,
    of_sixteen_claims_one_wins
);

/// A conversation in which no field has its first value.
fn full() -> Conversation {
    let mut c = a_conversation();
    c.visitor_name = "Noor \u{1F9D1}\u{200D}\u{1F4BB} 'quoted' \"twice\" \\ % _".into();
    c.visitor_email = Some("noor@example.org".into());
    c.channel = "telephony".into();
    c.status = Status::Snoozed;
    c.owner = Owner::Agent { id: AccountId::random(&Dice), name: "Maya\u{0}Ø".into() };
    c.team = Some(TeamId::random(&Dice));
    (c.fence, c.head, c.public_head, c.inbound, c.last_inbound, c.answered, c.attempts) =
        (1, 2, 3, 4, 5, 6, 2);
    c.head_id = Some(EntryId::timed(NOW, &Dice));
    c.public_head_id = Some(EntryId::timed(NOW, &Dice));
    c.automation = Some("mat".into());
    c.had_people = true;
    c.people_answered = true;
    c.missed_by = Some(AccountId::random(&Dice));
    c.resolved_by = Some(format!("a{}", AccountId::random(&Dice)));
    c.preview = "x".repeat(120) + "…";
    c.tags = vec!["a,b".into(), "\"q\"".into(), "🏷".into()];
    c.waiting_since = Some(NOW - 1);
    c.queued_at = Some(NOW - 2);
    c.priority = -3;
    c.snoozed_until = Some(NOW + 1);
    c.due_at = Some(i64::MAX);
    c.start_key = ClientMsgId::try_from("k".repeat(64)).ok();
    c.rating = Some(5);
    c.rating_comment = Some("☃".repeat(8_000));
    c.updated_at = NOW + 3;
    c
}

async fn every_field_round_trips(f: Fixture) {
    let owners = [
        Owner::None,
        Owner::Queue,
        Owner::Automation { id: "mat".into(), name: "Mat".into() },
        Owner::Agent { id: AccountId::random(&Dice), name: "Maya".into() },
    ];
    let mut all = vec![full(), a_conversation()];
    all.extend(owners.into_iter().map(|owner| Conversation { owner, ..a_conversation() }));
    add(&f.store, &all).await;
    let mut tx = f.store.read().await.unwrap();
    for c in &all {
        assert_eq!(conversation::get(&mut tx, &c.id).await.unwrap().as_ref(), Some(c));
    }
    let c = &all[0];
    let key = c.start_key.as_ref().unwrap();
    assert_eq!(conversation::by_start_key(&mut tx, &c.visitor, key).await.unwrap().as_ref(), Some(c));
    assert_eq!(conversation::by_start_key(&mut tx, &all[1].visitor, key).await.unwrap(), None);
    assert_eq!(conversation::get(&mut tx, &"none".parse().unwrap()).await.unwrap(), None);
}

async fn a_batch_is_saved_whole(f: Fixture) {
    let all: Vec<Conversation> = (0..100).map(|_| a_conversation()).collect();
    add(&f.store, &all).await;
    let ids: Vec<_> = all.iter().rev().map(|c| c.id.clone()).collect();
    let mut tx = f.store.write().await.unwrap();
    let locked = conversation::lock_many(&mut tx, &ids).await.unwrap();
    assert!(locked.is_sorted_by(|a, b| a.id < b.id), "locked in the order of ids");
    let changes: Vec<Change> = locked
        .into_iter()
        .map(|was| {
            let now = Conversation {
                id: was.id.clone(),
                visitor: was.visitor.clone(),
                channel: was.channel.clone(),
                start_key: None,
                created_at: was.created_at,
                ..full()
            };
            Change { was, now }
        })
        .collect();
    conversation::save_many(&mut tx, &changes).await.unwrap();
    tx.commit().await.unwrap();
    let locked: Vec<Conversation> = changes.into_iter().map(|change| change.now).collect();
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(conversation::get_many(&mut tx, &ids).await.unwrap(), locked);
    let heads = conversation::heads(&mut tx, &ids).await.unwrap();
    assert_eq!(heads.len(), 100);
    assert!(heads.iter().all(|head| (head.head, head.public_head, head.fence) == (2, 3, 1)));
    conversation::save_many(&mut tx, &[]).await.unwrap();
}

/// Those in which somebody only spoke are written with few columns, the others whole, and all are as they should be.
async fn what_was_only_spoken_is_saved_too(f: Fixture) {
    let all: Vec<Conversation> = (0..9).map(|_| Conversation { start_key: None, ..full() }).collect();
    let entry = || Some(EntryId::timed(NOW, &Dice));
    add(&f.store, &all).await;
    let speak = |c: &Conversation| Conversation {
        head: c.head + 2,
        head_id: entry(),
        public_head: c.public_head + 1,
        public_head_id: entry(),
        inbound: c.inbound + 1,
        last_inbound: c.last_inbound + 2,
        answered: c.answered + 1,
        attempts: c.attempts + 1,
        missed_by: None,
        preview: "spoken".into(),
        waiting_since: None,
        due_at: Some(99),
        updated_at: c.updated_at + 5,
        ..c.clone()
    };
    let changes: Vec<Change> = (0..)
        .zip(all)
        .map(|(n, was)| {
            let mut now = speak(&was);
            if n % 3 == 0 {
                (now.status, now.fence, now.tags) = (Status::Resolved, now.fence + 1, vec!["done".into()]);
            }
            Change { was, now }
        })
        .collect();
    let mut tx = f.store.write().await.unwrap();
    conversation::save_many(&mut tx, &changes).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    let ids: Vec<_> = changes.iter().map(|change| change.now.id.clone()).collect();
    let mut expected: Vec<Conversation> = changes.into_iter().map(|change| change.now).collect();
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(conversation::get_many(&mut tx, &ids).await.unwrap(), expected);
    assert_eq!(f.sql("SELECT COUNT(*) FROM conversations").trim(), "9");
}

async fn a_start_key_is_used_once(f: Fixture) {
    let key = ClientMsgId::try_from("0123456789abcdef".to_owned()).ok();
    let first = Conversation { start_key: key.clone(), ..a_conversation() };
    let other = Conversation { start_key: key.clone(), ..a_conversation() };
    add(&f.store, &[first.clone(), other]).await;
    let again = Conversation { visitor: first.visitor.clone(), start_key: key, ..a_conversation() };
    let mut tx = f.store.write().await.unwrap();
    let taken = conversation::insert(&mut tx, &[a_conversation(), again]).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::StartKey))), "{taken:?}");
    tx.rollback().await;
    assert_eq!(f.sql("SELECT COUNT(*) FROM conversations").trim(), "2");
}

async fn of_sixteen_claims_one_wins(f: Fixture) {
    let c = a_conversation();
    add(&f.store, std::slice::from_ref(&c)).await;
    let claims: Vec<_> = (0..16)
        .map(|n| {
            let (store, mut mine) = (f.store.clone(), c.clone());
            tokio::spawn(async move {
                mine.owner =
                    Owner::Agent { id: format!("agent{n}").parse().unwrap(), name: format!("Agent {n}") };
                mine.fence = 1;
                let mut tx = store.write().await.unwrap();
                let won = conversation::compare_and_set(&mut tx, &mine, 0).await.unwrap();
                tx.commit().await.unwrap();
                won.then_some(mine)
            })
        })
        .collect();
    let mut winners = Vec::new();
    for claim in claims {
        winners.extend(claim.await.unwrap());
    }
    assert_eq!(winners.len(), 1);
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(conversation::get(&mut tx, &c.id).await.unwrap().as_ref(), winners.first());
}
