//! Rules where they are made and noted; what they do as messages come is looked at in whole systems.

use std::time::Duration;

use serde_json::{Value, json};
use switchboard_testkit::wait;
use switchboard_wire::call::automation::PatchAutomation;
use switchboard_wire::call::conversation::{Rate, TagConversation};
use switchboard_wire::call::rule::{AddRule, DeleteRule, ListRules, OneRule, OrderRules, PatchRule};
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::call::webhook::AddWebhook;
use switchboard_wire::view::{AutomationRules, TeamHours};
use switchboard_wire::{Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    a_rating_said_again_is_no_news,
    what_does_not_fire_fills_no_table,
    one_that_cannot_be_read_is_deleted,
    changes_of_an_older_edition_are_refused,
    all_of_them_fit_into_one_message,
    an_automation_outside_of_its_hours_is_given_nothing,
);

/// How many wait in the test of that; each costs a transaction.
const WAITING: i64 = 3_000;
/// What is awaited here takes milliseconds.
const SOON: Duration = Duration::from_secs(30);

async fn add(world: &World, admin: &Person, rule: Value) -> Result<OneRule, Failure> {
    let mut body = json!({ "name": "Rule", "on": true, "conditions": [], "stop": false });
    if let (Some(body), Some(rule)) = (body.as_object_mut(), rule.as_object()) {
        body.extend(rule.clone());
    }
    world.call(&admin.by, AddRule { rule: serde_json::from_value(body).unwrap() }).await
}

async fn a_rating_said_again_is_no_news(world: World) {
    let (admin, _) = world.agent("maya").await;
    let url = "https://crm.example.org/told".to_owned();
    let hook = AddWebhook { name: "CRM".into(), url, events: vec!["conversation.rated".into()] };
    world.call(&admin.by, hook).await.unwrap();
    let rule =
        json!({ "trigger": { "when": "rated", "at_most": 2 }, "actions": [{ "then": "tag", "tag": "sad" }] });
    add(&world, &admin, rule).await.unwrap();
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let told = || {
        let deliveries = "SELECT COUNT(*) FROM webhook_deliveries WHERE event = 'conversation.rated'";
        (world.count(deliveries), world.count("SELECT COUNT(*) FROM rule_runs"))
    };
    let rate = async |comment: Option<&str>| {
        let rate = Rate { id: c.id.clone(), score: 1, comment: comment.map(Into::into) };
        world.call(&visitor.by, rate).await.unwrap();
    };
    for _ in 0..3 {
        rate(None).await;
    }
    assert_eq!(told(), (1, 1));
    for _ in 0..2 {
        rate(Some("Nobody came.")).await;
    }
    assert_eq!(told(), (2, 2), "other words are news");
}

async fn what_does_not_fire_fills_no_table(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let conditions = json!([{ "if": "email", "known": true }]);
    let tagged = json!({ "when": "tagged", "tag": "vip" });
    let then = json!([{ "then": "tag", "tag": "known" }]);
    let never = json!({ "trigger": tagged, "conditions": conditions, "actions": then });
    add(&world, &admin, never).await.unwrap();
    add(&world, &admin, json!({ "trigger": tagged, "actions": then })).await.unwrap();
    let visitor = world.visitor().await;
    world.database.sql("UPDATE visitors SET email = NULL").unwrap();
    let c = world.begin(&visitor, StartWith::People).await;
    let vip = || vec!["vip".to_owned()];
    for _ in 0..70 {
        for (add, remove) in [(vip(), vec![]), (vec![], vip())] {
            let tag = TagConversation { id: c.id.clone(), add, remove };
            world.call(&maya.by, tag).await.unwrap();
        }
    }
    let runs = |fired: i64| world.count(&format!("SELECT COUNT(*) FROM rule_runs WHERE fired = {fired}"));
    assert_eq!((runs(1), runs(0)), (30, 60));
}

async fn one_that_cannot_be_read_is_deleted(world: World) {
    let (admin, _) = world.agent("maya").await;
    let rule = json!({ "trigger": { "when": "started" }, "actions": [{ "then": "tag", "tag": "new" }] });
    let id = add(&world, &admin, rule).await.unwrap().rule.id;
    world.database.sql("UPDATE rules SET body = '{\"trigger\":{\"when\":\"full_moon\"}}'").unwrap();
    world.call(&admin.by, DeleteRule { id: id.clone() }).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM rules"), 0);
    assert_eq!(problem(world.call(&admin.by, DeleteRule { id }).await), Problem::NotFound);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'rule.deleted'"), 1);
}

async fn changes_of_an_older_edition_are_refused(world: World) {
    let (admin, _) = world.agent("maya").await;
    let rule = json!({ "trigger": { "when": "started" }, "actions": [{ "then": "tag", "tag": "new" }] });
    let seen = add(&world, &admin, rule).await.unwrap().rule;
    let patch = async |name: &str, edition: Option<&str>| {
        let mut changes = json!({ "id": seen.id, "name": name });
        changes["edition"] = edition.into();
        let call: PatchRule = serde_json::from_value(changes).unwrap();
        world.call(&admin.by, call).await.map(|one| one.rule)
    };
    // Her name for it is enough to make it another; what is the same is no change.
    let hers = patch("Hers", Some(&seen.edition)).await.unwrap();
    assert_ne!(hers.edition, seen.edition);
    assert_eq!(problem(patch("His", Some(&seen.edition)).await), Problem::Stale);
    assert_eq!(patch("Hers", Some(&seen.edition)).await.unwrap().edition, hers.edition, "said again");
    assert_eq!(patch("Hers", Some(&hers.edition)).await.unwrap().edition, hers.edition);
    assert_eq!(patch("His", Some(&hers.edition)).await.unwrap().name, "His");
    // Who has not looked changes whatever is there.
    assert_eq!(patch("Anybody's", None).await.unwrap().name, "Anybody's");
}

async fn all_of_them_fit_into_one_message(world: World) {
    let (admin, _) = world.agent("maya").await;
    // Of the longest there are few, and what each names is gone.
    let gone = |n: usize| json!({ "if": "team", "team": format!("gone{n}") });
    let conditions: Vec<Value> = (0..10).map(gone).collect();
    let rule = |texts: &[&str]| {
        let actions: Vec<Value> = texts.iter().map(|text| json!({ "then": "send", "text": text })).collect();
        json!({ "trigger": { "when": "started" }, "conditions": conditions, "actions": actions })
    };
    let longest = "🦀".repeat(8_000);
    let refused = add(&world, &admin, rule(&[&longest, &longest])).await.unwrap_err();
    assert!(refused.errors["actions"].contains("32 KiB"), "{refused:?}");
    let mut ids = Vec::new();
    let refused = loop {
        match add(&world, &admin, rule(&[&longest[..30_000]])).await {
            Ok(made) => ids.push(made.rule.id),
            Err(refused) => break refused,
        }
        assert!(ids.len() < 200, "there is no bound for all of them");
    };
    assert!(refused.errors["rule"].contains("512 KiB"), "{refused:?}");
    // Short ones are as many as they may be, nearly.
    while ids.len() > 1 {
        world.call(&admin.by, DeleteRule { id: ids.pop().unwrap() }).await.unwrap();
    }
    while add(&world, &admin, rule(&["One moment, please."])).await.is_ok() {}
    let all = world.call(&admin.by, ListRules {}).await.unwrap();
    assert_eq!(all.items.len(), 200);
    assert!(serde_json::to_string(&all).unwrap().len() < 1_000_000);
    let ids = all.items.iter().rev().map(|rule| rule.id.clone()).collect();
    let ordered = world.call(&admin.by, OrderRules { ids }).await.unwrap();
    assert_eq!(ordered.items.first().map(|rule| &rule.id), all.items.last().map(|rule| &rule.id));
}

async fn an_automation_outside_of_its_hours_is_given_nothing(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let sales = world.call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None });
    let team = sales.await.unwrap().team.id;
    let trigger = json!({ "when": "tagged", "tag": "night" });
    let then = json!([{ "then": "automation", "name": "mat" }]);
    let made = add(&world, &admin, json!({ "trigger": trigger, "actions": then })).await.unwrap();
    assert!(made.rule.troubles.is_empty(), "{made:?}");
    let visitor = world.visitor().await;
    for (when, owner) in [("closed", "queue"), ("open", "automation")] {
        // The team is always open.
        let hours = TeamHours { team: team.clone(), when: when.into() };
        let rules = Some(AutomationRules { team_hours: Some(hours), ..AutomationRules::default() });
        let (name, active, public, deadline_ms) = ("mat".into(), None, None, None);
        let patch = PatchAutomation { name, active, public, deadline_ms, rules };
        world.call(&admin.by, patch).await.unwrap();
        let c = world.begin(&visitor, StartWith::People).await;
        let tag = TagConversation { id: c.id.clone(), add: vec!["night".into()], remove: vec![] };
        world.call(&maya.by, tag).await.unwrap();
        assert_eq!(world.state(&visitor, &c.id).await.owner.kind, owner, "{when}");
    }
    let told = "SELECT COUNT(*) FROM rule_runs WHERE detail LIKE '%outside of its hours%'";
    assert_eq!(world.count(told), 1);
}

/// More of a conversation, which have been waiting for ten minutes.
fn let_wait(world: &World, id: &str, count: i64) {
    let columns =
        world.database.value("SELECT group_concat(name) FROM pragma_table_info('conversations')").unwrap();
    let values = columns.split(',').map(|column| match column {
        "id" => "'w' || n.i".to_owned(),
        "waiting_since" => "waiting_since - 600000 + n.i".to_owned(),
        column => column.to_owned(),
    });
    let values: Vec<String> = values.collect();
    let sql = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO conversations ({columns}) SELECT {} FROM conversations, n WHERE id = '{id}'",
        values.join(",")
    );
    world.database.sql(&sql).unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_message_waits_for_those_who_wait() {
    let world = World::routed().await;
    let (admin, _) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let trigger = json!({ "when": "message", "pattern": { "match": "words", "words": ["refund"] } });
    let rule = json!({ "trigger": trigger, "actions": [{ "then": "tag", "tag": "money" }] });
    let refund = add(&world, &admin, rule).await.unwrap().rule.id;
    let_wait(&world, &c.id, WAITING);
    let trigger = json!({ "when": "waiting", "longer_than_s": 300 });
    let rule = json!({ "trigger": trigger, "actions": [{ "then": "tag", "tag": "late" }] });
    let late = add(&world, &admin, rule).await.unwrap().rule.id;
    let runs = |rule: &str| world.count(&format!("SELECT COUNT(*) FROM rule_runs WHERE rule_id = '{rule}'"));
    let looking =
        wait::until("those who wait are looked at", SOON, async || Ok((runs(&late) > 0).then_some(())));
    looking.await.unwrap();
    world.say(&visitor, &c.id, "my refund, please").await.unwrap();
    let seen = wait::until("the message is looked at", SOON, async || Ok((runs(&refund) > 0).then_some(())));
    seen.await.unwrap();
    let done = runs(&late);
    assert!(done < WAITING, "the message waited until all {done} who wait were looked at");
}
