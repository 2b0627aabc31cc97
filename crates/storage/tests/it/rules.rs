//! Rules keep their order, and what became of them is written once.

use crate::fixture::{Dice, Fixture, NOW, both};
use switchboard_domain::rule::{Action, Condition, Pattern, Rule, Trigger};
use switchboard_domain::{ConversationId, EntryId, RuleId};
use switchboard_storage::rule_run::{self, Count, Of, Run};
use switchboard_storage::{Tx, rule};

both!(
    rules_are_read_as_they_were_written_and_in_order,
    one_that_cannot_be_read_hides_no_others,
    an_occurrence_is_written_once,
    two_at_once_write_one,
    history_is_listed_and_forgotten,
);

fn a_rule(id: &str) -> Rule {
    Rule {
        id: id.parse().unwrap(),
        name: format!("Rule {id} 🦀"),
        on: true,
        trigger: Trigger::Message { pattern: Pattern::Phrase { text: "geld zurück".into() } },
        conditions: vec![Condition::Email { known: true }],
        actions: vec![Action::Tag { tag: "refund ✓".into() }],
        stop: true,
        since: NOW,
    }
}

fn a_run(rule: &str, conversation: &str, occurrence: &str, at: i64) -> Run {
    Run {
        id: EntryId::timed(at, &Dice).to_string(),
        rule: rule.parse().unwrap(),
        conversation: conversation.parse().unwrap(),
        occurrence: occurrence.into(),
        fired: true,
        detail: "{}".into(),
        at,
    }
}

async fn rules_are_read_as_they_were_written_and_in_order(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    for id in ["b", "a", "c"] {
        rule::insert(&mut tx, &a_rule(id)).await.unwrap();
    }
    assert_eq!(rule::all(&mut tx, 10).await.unwrap(), ["b", "a", "c"].map(a_rule));
    let order: Vec<RuleId> = ["c", "b", "a"].iter().map(|id| id.parse().unwrap()).collect();
    rule::order(&mut tx, &order).await.unwrap();
    let off = Rule { on: false, conditions: vec![], since: NOW + 1, ..a_rule("b") };
    assert!(rule::update(&mut tx, &off).await.unwrap());
    assert_eq!(rule::all(&mut tx, 10).await.unwrap(), [a_rule("c"), off.clone(), a_rule("a")]);
    assert_eq!(rule::get(&mut tx, &off.id).await.unwrap(), Some(off.clone()));
    assert_eq!(rule::lock(&mut tx, &off.id).await.unwrap(), Some(off));
    assert!(rule::delete(&mut tx, &order[0]).await.unwrap());
    assert!(!rule::delete(&mut tx, &order[0]).await.unwrap());
    assert!(!rule::update(&mut tx, &a_rule("c")).await.unwrap());
    assert_eq!((rule::count(&mut tx).await.unwrap(), rule::all(&mut tx, 1).await.unwrap().len()), (2, 1));
    tx.commit().await.unwrap();
}

async fn one_that_cannot_be_read_hides_no_others(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    for id in ["a", "b"] {
        rule::insert(&mut tx, &a_rule(id)).await.unwrap();
    }
    tx.commit().await.unwrap();
    f.sql("UPDATE rules SET body = '{\"trigger\":{\"when\":\"full_moon\"}}' WHERE id = 'a'");
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(rule::all(&mut tx, 10).await.unwrap(), [a_rule("b")]);
    assert_eq!(rule::count(&mut tx).await.unwrap(), 2);
    drop(tx);
    let mut tx = f.store.write().await.unwrap();
    let a: RuleId = "a".parse().unwrap();
    assert_eq!(rule::lock(&mut tx, &a).await.unwrap(), None);
    assert_eq!(rule::lock_name(&mut tx, &a).await.unwrap(), Some(a_rule("a").name));
    assert!(rule::delete(&mut tx, &a).await.unwrap());
    assert_eq!(rule::lock_name(&mut tx, &a).await.unwrap(), None);
    tx.commit().await.unwrap();
}

async fn an_occurrence_is_written_once(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    let first = a_run("r1", "c1", "started", NOW);
    assert!(rule_run::record(&mut tx, &first).await.unwrap());
    for other in [
        a_run("r1", "c1", "w-5", NOW + 1),
        a_run("r2", "c1", "started", NOW + 2),
        a_run("r1", "c2", "started", NOW + 3),
    ] {
        assert!(rule_run::record(&mut tx, &other).await.unwrap());
    }
    assert!(!rule_run::record(&mut tx, &a_run("r1", "c1", "started", NOW + 9)).await.unwrap());
    let c1: ConversationId = "c1".parse().unwrap();
    let [r1, r2, r3]: [RuleId; 3] = ["r1", "r2", "r3"].map(|id| id.parse().unwrap());
    for (among, expected) in
        [(vec![&r1, &r2, &r3], vec![&r1, &r2]), (vec![&r2], vec![&r2]), (vec![&r3], vec![]), (vec![], vec![])]
    {
        let among: Vec<RuleId> = among.into_iter().cloned().collect();
        let mut started = rule_run::looked_at(&mut tx, &c1, "started", &among).await.unwrap();
        started.sort_unstable();
        assert_eq!(started.iter().collect::<Vec<_>>(), expected);
    }
    for n in 0..2 {
        let quiet = Run { fired: false, ..a_run("r3", "c1", &format!("m-{n}"), NOW + n) };
        assert!(rule_run::record(&mut tx, &quiet).await.unwrap());
    }
    let count = async |tx: &mut Tx, since| rule_run::count_since(tx, &c1, since).await.unwrap();
    assert_eq!(count(&mut tx, NOW).await, Count { fired: 3, unfired: 2 });
    assert_eq!(count(&mut tx, NOW + 1).await, Count { fired: 2, unfired: 1 });
    assert_eq!(count(&mut tx, NOW + 2).await, Count { fired: 1, unfired: 0 });
    tx.commit().await.unwrap();
}

/// Two routers by accident: whoever commits second has written nothing, and knows it.
async fn two_at_once_write_one(f: Fixture) {
    let tries = (0..8_i64).map(|n| {
        let store = f.store.clone();
        tokio::spawn(async move {
            loop {
                let mut tx = match store.write().await {
                    Ok(tx) => tx,
                    Err(problem) if problem.is_rerun() => continue,
                    Err(problem) => panic!("{problem}"),
                };
                match rule_run::record(&mut tx, &a_run("r1", "c1", "started", NOW + n)).await {
                    Ok(wrote) => {
                        tx.commit().await.unwrap();
                        return wrote;
                    }
                    Err(problem) if problem.is_rerun() => {}
                    Err(problem) => panic!("{problem}"),
                }
            }
        })
    });
    let tries: Vec<_> = tries.collect();
    let mut wrote = 0;
    for one in tries {
        wrote += usize::from(one.await.unwrap());
    }
    assert_eq!(wrote, 1);
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(rule_run::list(&mut tx, Of::default(), None, 10).await.unwrap().len(), 1);
}

async fn history_is_listed_and_forgotten(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    let runs = [("r1", "c1"), ("r2", "c1"), ("r1", "c2"), ("r2", "c2")];
    let runs: Vec<Run> = (0_i64..)
        .zip(runs)
        .map(|(n, (rule, conversation))| a_run(rule, conversation, "started", NOW + n))
        .collect();
    for run in &runs {
        assert!(rule_run::record(&mut tx, run).await.unwrap());
    }
    let (r1, c2) = ("r1".parse().unwrap(), "c2".parse().unwrap());
    let newest = rule_run::list(&mut tx, Of::default(), None, 3).await.unwrap();
    assert_eq!(newest, [runs[3].clone(), runs[2].clone(), runs[1].clone()]);
    let rest = rule_run::list(&mut tx, Of::default(), Some(&newest[2].id), 3).await.unwrap();
    assert_eq!(rest, [runs[0].clone()]);
    let of = Of { rule: Some(&r1), conversation: None };
    assert_eq!(rule_run::list(&mut tx, of, None, 9).await.unwrap(), [runs[2].clone(), runs[0].clone()]);
    let of = Of { rule: Some(&r1), conversation: Some(&c2) };
    assert_eq!(rule_run::list(&mut tx, of, None, 9).await.unwrap(), [runs[2].clone()]);
    assert_eq!(rule_run::forget(&mut tx, NOW + 3, 2).await.unwrap(), 2);
    assert_eq!(rule_run::forget(&mut tx, NOW + 3, 2).await.unwrap(), 1);
    assert_eq!(rule_run::forget(&mut tx, NOW + 3, 2).await.unwrap(), 0);
    tx.commit().await.unwrap();
}
