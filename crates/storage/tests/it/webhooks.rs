//! What servers outside are told: in order within a lane, held, tried again, forgotten.

use crate::fixture::{Fixture, both};
use switchboard_domain::webhook::EventKind;
use switchboard_storage::Tx;
use switchboard_storage::webhook::delivery::{self, Delivery, State};
use switchboard_storage::webhook::{self, Webhook};

both!(
    a_web_hook_comes_back_as_it_was,
    of_each_lane_the_first_is_due,
    what_is_held_waits_and_holds_what_is_behind_it,
    what_is_done_is_forgotten_and_what_waits_is_not,
    what_was_given_up_is_tried_again_piece_by_piece
);

fn a_webhook() -> Webhook {
    Webhook {
        id: "w1".parse().unwrap(),
        name: "CRM ü".into(),
        url: "https://crm.example.org/in".into(),
        events: vec![EventKind::Started, EventKind::Note],
        secret: "whsec_a".into(),
        old_secret: Some("whsec_b".into()),
        old_until: 50,
        active: true,
        since: 7,
        failing_since: None,
        stopped: None,
        created_at: 5,
    }
}

fn a_delivery(event: &str, lane: &str, seq: i64) -> Delivery {
    Delivery {
        webhook: "w1".parse().unwrap(),
        event_id: event.parse().unwrap(),
        event: EventKind::VisitorMessage,
        lane: lane.into(),
        seq,
        state: State::Waiting,
        attempts: 0,
        due_at: Some(100),
        created_at: 90,
        tried_at: None,
        status: None,
        took_ms: None,
        said: String::new(),
        body: r#"{"a":"😀"}"#.into(),
    }
}

async fn put(f: &Fixture, all: &[Delivery]) -> Tx {
    let mut tx = f.store.write().await.unwrap();
    webhook::insert(&mut tx, &a_webhook()).await.unwrap();
    delivery::insert(&mut tx, all).await.unwrap();
    tx.commit().await.unwrap();
    f.store.write().await.unwrap()
}

async fn due(tx: &mut Tx, now: i64) -> Vec<String> {
    let due = delivery::due(tx, &a_webhook().id, now, 10).await.unwrap();
    due.into_iter().map(|one| one.event_id.into()).collect()
}

async fn a_web_hook_comes_back_as_it_was(f: Fixture) {
    let mut tx = put(&f, &[]).await;
    let made = webhook::lock(&mut tx, &a_webhook().id).await.unwrap().unwrap();
    assert_eq!(made, a_webhook());
    assert_eq!((made.secrets(49).len(), made.secrets(50).len()), (2, 1));
    assert!(made.wants(EventKind::Note, 7) && !made.wants(EventKind::Note, 6));
    assert!(!made.wants(EventKind::Rated, 7));
    let changed = Webhook {
        url: "https://example.org/".into(),
        active: false,
        failing_since: Some(3),
        stopped: Some("gone".into()),
        ..made
    };
    webhook::update(&mut tx, &changed).await.unwrap();
    assert_eq!(webhook::list(&mut tx, 10).await.unwrap(), [changed]);
    webhook::delete(&mut tx, &a_webhook().id).await.unwrap();
    assert_eq!(webhook::count(&mut tx).await.unwrap(), 0);
}

async fn of_each_lane_the_first_is_due(f: Fixture) {
    let late = Delivery { due_at: Some(500), ..a_delivery("e3", "b", 1) };
    let all = [a_delivery("e1", "a", 1), a_delivery("e2", "a", 2), late, a_delivery("e4", "b", 2)];
    let mut tx = put(&f, &all).await;
    let id = a_webhook().id;
    assert_eq!(due(&mut tx, 99).await, Vec::<String>::new());
    assert_eq!(due(&mut tx, 100).await, ["e1"], "of the other lane the first is due later");
    assert_eq!(delivery::next_due(&mut tx, &id, 100).await.unwrap(), Some(500));
    let done = Delivery { state: State::Delivered, due_at: None, body: String::new(), ..all[0].clone() };
    delivery::tried(&mut tx, &done).await.unwrap();
    let failed = Delivery { state: State::Failed, due_at: None, attempts: 10, ..all[2].clone() };
    delivery::tried(&mut tx, &failed).await.unwrap();
    assert_eq!(due(&mut tx, 100).await, ["e2", "e4"]);
    assert_eq!(delivery::counts(&mut tx, &id).await.unwrap(), (2, 1));
    assert!(delivery::is_more_waiting(&mut tx, &id, 1).await.unwrap());
    assert!(!delivery::is_more_waiting(&mut tx, &id, 2).await.unwrap());
    // What is done stays so.
    delivery::tried(&mut tx, &Delivery { state: State::Waiting, ..done }).await.unwrap();
    assert_eq!(delivery::counts(&mut tx, &id).await.unwrap(), (2, 1));
    let newest = delivery::list(&mut tx, &id, None, Some(&"e4".parse().unwrap()), 2).await.unwrap();
    assert_eq!(newest.iter().map(|one| one.event_id.as_str()).collect::<Vec<_>>(), ["e3", "e2"]);
    assert_eq!(delivery::list(&mut tx, &id, Some(State::Failed), None, 9).await.unwrap(), [failed]);
    assert!(!delivery::replay(&mut tx, &id, &"e1".parse().unwrap(), 7).await.unwrap());
    assert_eq!(delivery::replay_some(&mut tx, &id, None, 7, 9).await.unwrap(), (1, None));
    assert_eq!(due(&mut tx, 100).await, ["e3", "e2"]);
    let ids = ["e1".parse().unwrap(), "e9".parse().unwrap()];
    assert_eq!(delivery::known(&mut tx, &ids).await.unwrap().len(), 1);
}

async fn what_is_held_waits_and_holds_what_is_behind_it(f: Fixture) {
    let held = Delivery { due_at: None, ..a_delivery("e2", "a", 1) };
    let mut tx = put(&f, &[a_delivery("e1", "a", 1), held, a_delivery("e3", "a", 2)]).await;
    let id = a_webhook().id;
    delivery::tried(&mut tx, &Delivery { state: State::Delivered, ..a_delivery("e1", "a", 1) })
        .await
        .unwrap();
    assert_eq!(due(&mut tx, 100).await, Vec::<String>::new());
    let held = delivery::held(&mut tx, &id, 10).await.unwrap();
    assert_eq!(held, [("a".to_owned(), "e2".parse().unwrap())]);
    delivery::release(&mut tx, &id, &held[0].1, 80).await.unwrap();
    assert_eq!(due(&mut tx, 100).await, ["e2"]);
    delivery::move_lane(&mut tx, "a", "b").await.unwrap();
    delivery::erase(&mut tx, "a").await.unwrap();
    assert_eq!(delivery::counts(&mut tx, &id).await.unwrap(), (2, 0));
    delivery::erase(&mut tx, "b").await.unwrap();
    assert_eq!(delivery::counts(&mut tx, &id).await.unwrap(), (0, 0));
}

async fn what_is_done_is_forgotten_and_what_waits_is_not(f: Fixture) {
    let done = Delivery { state: State::Delivered, due_at: None, ..a_delivery("e1", "a", 1) };
    let orphan = Delivery { webhook: "w2".parse().unwrap(), ..a_delivery("e2", "a", 1) };
    let young = Delivery { created_at: 200, ..done.clone() };
    let young = Delivery { event_id: "e3".parse().unwrap(), ..young };
    let mut tx = put(&f, &[done, orphan, young, a_delivery("e4", "a", 2)]).await;
    assert_eq!(delivery::sweep(&mut tx, 150, 10).await.unwrap(), 2);
    assert_eq!(delivery::sweep(&mut tx, 150, 10).await.unwrap(), 0);
    assert_eq!(delivery::list(&mut tx, &a_webhook().id, None, None, 10).await.unwrap().len(), 2);
}

async fn what_was_given_up_is_tried_again_piece_by_piece(f: Fixture) {
    let failed =
        |n: i64| Delivery { state: State::Failed, due_at: None, ..a_delivery(&format!("e{n}"), "a", n) };
    let all: Vec<Delivery> = (1..=5).map(failed).collect();
    let mut tx = put(&f, &all).await;
    let (id, mut after, mut counts) = (a_webhook().id, None, Vec::new());
    loop {
        let (count, last) = delivery::replay_some(&mut tx, &id, after.as_ref(), 7, 2).await.unwrap();
        counts.push(count);
        after = last;
        if after.is_none() {
            break;
        }
        // What fails again meanwhile is not tried for ever.
        delivery::tried(&mut tx, &failed(1)).await.unwrap();
    }
    assert_eq!(counts, [2, 2, 1]);
    assert_eq!(delivery::counts(&mut tx, &id).await.unwrap(), (4, 1));
    assert!(delivery::replay(&mut tx, &id, &"e1".parse().unwrap(), 7).await.unwrap());
}
