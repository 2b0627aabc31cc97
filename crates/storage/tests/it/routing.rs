//! What the router asks.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_account, both};
use std::collections::BTreeSet;
use switchboard_domain::{AccountId, Conversation, Owner, Role, Status, TeamId};
use switchboard_storage::{acquaintance, conversation};

both!(
    due_work_comes_in_order,
    orphans_are_found,
    the_queue_is_ordered,
    the_queue_says_whom_visitors_know,
    loads_are_counted,
    who_waits_is_found_in_pages
);

fn agent(id: &AccountId) -> Owner {
    Owner::Agent { id: id.clone(), name: "x".into() }
}

async fn due_work_comes_in_order(f: Fixture) {
    let all: Vec<Conversation> = [Some(3), None, Some(1), Some(9), Some(2)]
        .into_iter()
        .map(|due| Conversation { due_at: due.map(|due| NOW + due), ..a_conversation() })
        .collect();
    add(&f.store, &all).await;
    let mut tx = f.store.read().await.unwrap();
    let due = conversation::due(&mut tx, NOW + 3, 10).await.unwrap();
    assert_eq!(due, [all[2].clone(), all[4].clone(), all[0].clone()]);
    assert_eq!(conversation::due(&mut tx, NOW + 3, 2).await.unwrap().len(), 2);
}

async fn orphans_are_found(f: Fixture) {
    let maya = add_account(&f.store, "maya", Role::Agent).await;
    let idle = add_account(&f.store, "idle", Role::Agent).await;
    let boss = add_account(&f.store, "boss", Role::Admin).await;
    f.sql("UPDATE accounts SET active = 0 WHERE username = 'idle'");
    f.sql(
        "INSERT INTO automations (name, title, description, active, public, deadline_ms, created_at) \
         VALUES ('mat', 'Mat', '', 1, 1, 5000, 0), ('old', 'Old', '', 0, 1, 5000, 0)",
    );
    let bot = |name: &str| Owner::Automation { id: name.into(), name: name.into() };
    let kept = [agent(&maya.id), bot("mat"), Owner::Queue, Owner::None];
    let lost = [agent(&idle.id), agent(&boss.id), agent(&AccountId::random(&Dice)), bot("old"), bot("gone")];
    let rows = |owners: &[Owner]| -> Vec<Conversation> {
        let both = [Status::Open, Status::Snoozed];
        owners
            .iter()
            .flat_map(|owner| {
                both.map(|status| Conversation { status, owner: owner.clone(), ..a_conversation() })
            })
            .collect()
    };
    let lost = rows(&lost);
    add(&f.store, &rows(&kept)).await;
    add(&f.store, &lost).await;
    let resolved = Conversation { status: Status::Resolved, owner: agent(&idle.id), ..a_conversation() };
    add(&f.store, &[resolved]).await;
    let mut tx = f.store.read().await.unwrap();
    let found: BTreeSet<_> =
        conversation::orphans(&mut tx, 100).await.unwrap().into_iter().map(|c| c.id).collect();
    assert_eq!(found, lost.into_iter().map(|c| c.id).collect());
    assert_eq!(conversation::orphans(&mut tx, 3).await.unwrap().len(), 3);
    assert_eq!(conversation::owned_by_agent(&mut tx, &maya.id, 10).await.unwrap().len(), 2);
    assert_eq!(conversation::owned_by_automation(&mut tx, "mat", 1).await.unwrap().len(), 1);
}

async fn the_queue_is_ordered(f: Fixture) {
    let team = TeamId::random(&Dice);
    let queued = |priority, at, team: Option<&TeamId>| Conversation {
        owner: Owner::Queue,
        priority,
        queued_at: Some(NOW + at),
        team: team.cloned(),
        ..a_conversation()
    };
    let all = [
        queued(0, 1, None),
        queued(0, 2, Some(&team)),
        queued(1, 5, None),
        queued(0, 3, Some(&team)),
        queued(0, 3, None),
    ];
    add(&f.store, &all).await;
    let asleep =
        Conversation { status: Status::Snoozed, snoozed_until: Some(NOW + 99), ..queued(9, 0, None) };
    add(&f.store, &[a_conversation(), asleep]).await;
    let mut tx = f.store.read().await.unwrap();
    let waiting = conversation::waiting(&mut tx, None, 2).await.unwrap();
    let found: Vec<_> = waiting.iter().map(|waiting| &waiting.conversation).collect();
    assert_eq!(found, [&all[2].id, &all[0].id], "those of everybody, and nothing that is snoozed");
    let waiting = conversation::waiting(&mut tx, Some(&team), 9).await.unwrap();
    let found: Vec<_> = waiting.iter().map(|waiting| &waiting.conversation).collect();
    assert_eq!(found, [&all[1].id, &all[3].id]);
    assert_eq!(waiting[0].team, Some(team));
    for (n, place) in [(0, 2), (1, 1), (2, 1), (3, 2), (4, 3)] {
        assert_eq!(conversation::queue_position(&mut tx, &all[n], 21).await.unwrap(), place, "{n}");
    }
    assert_eq!(conversation::queue_position(&mut tx, &all[4], 2).await.unwrap(), 2, "counted no further");
}

async fn the_queue_says_whom_visitors_know(f: Fixture) {
    let (maya, noor) = (AccountId::random(&Dice), AccountId::random(&Dice));
    let waits = |n| Conversation { owner: Owner::Queue, queued_at: Some(NOW + n), ..a_conversation() };
    let all = [waits(1), waits(2), waits(3)];
    add(&f.store, &all).await;
    let [a, b, _] = all.map(|c| c.visitor);
    let mut tx = f.store.write().await.unwrap();
    acquaintance::meet(&mut tx, &[], NOW).await.unwrap();
    acquaintance::meet(&mut tx, &[(a.clone(), maya.clone()), (b.clone(), maya.clone())], NOW).await.unwrap();
    // Of several of one visitor the last one counts.
    let met = [(b.clone(), maya.clone()), (b, noor.clone())];
    acquaintance::meet(&mut tx, &met, NOW + 1).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    let waiting = conversation::waiting(&mut tx, None, 9).await.unwrap();
    let known: Vec<_> = waiting.into_iter().map(|waiting| waiting.known).collect();
    assert_eq!(known, [Some(maya), Some(noor), None]);
    assert_eq!(f.sql("SELECT COUNT(*) FROM known_agents").trim(), "2");
}

async fn loads_are_counted(f: Fixture) {
    let (one, two) = (AccountId::random(&Dice), AccountId::random(&Dice));
    let mut all: Vec<Conversation> =
        [&one, &one, &two].map(|id| Conversation { owner: agent(id), ..a_conversation() }).into();
    all.push(Conversation { owner: agent(&two), status: Status::Snoozed, ..a_conversation() });
    add(&f.store, &all).await;
    let mut tx = f.store.read().await.unwrap();
    let loads = conversation::loads(&mut tx).await.unwrap();
    assert_eq!((loads.len(), loads[&one], loads[&two]), (2, 2, 1));
}

async fn who_waits_is_found_in_pages(f: Fixture) {
    let waits = |since: Option<i64>, status| Conversation {
        waiting_since: since.map(|since| NOW + since),
        status,
        owner: Owner::Queue,
        ..a_conversation()
    };
    let open = Status::Open;
    let all = [waits(Some(3), open), waits(Some(1), open), waits(None, open), waits(Some(1), open)];
    add(&f.store, &all).await;
    add(&f.store, &[waits(Some(2), Status::Snoozed), waits(Some(9), open)]).await;
    let mut tx = f.store.read().await.unwrap();
    let mut found = Vec::new();
    let mut after = (0, String::new());
    loop {
        let page = conversation::waiting_since(&mut tx, NOW + 8, (after.0, &after.1), 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = (last.0, last.1.to_string());
        found.extend(page);
    }
    let mut expected = vec![(NOW + 1, all[1].id.clone()), (NOW + 1, all[3].id.clone())];
    expected.sort();
    expected.push((NOW + 3, all[0].id.clone()));
    assert_eq!(found, expected);
}
