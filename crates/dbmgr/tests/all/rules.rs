//! Rules where they are made and noted; what they do as messages come is looked at in whole systems.

use serde_json::{Value, json};
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::Rate;
use switchboard_wire::call::rule::{AddRule, OneRule};
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::call::webhook::AddWebhook;

use crate::on_both;
use crate::people::Person;
use crate::world::World;

on_both!(a_rating_said_again_is_no_news);

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
