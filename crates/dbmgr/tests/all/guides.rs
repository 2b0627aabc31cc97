//! Guides: composed, published, and answering turns with what they have learnt.

use switchboard_wire::call::automation::PatchAutomation;
use switchboard_wire::call::guide::{
    AddGuide, GetGuide, ListGuides, OneGuide, PublishGuide, PutDraft, TryGuide,
};
use switchboard_wire::call::router::{ApplyReply, GetTurn, TurnWork};
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::turn::{ReplyVisitor, Then, TurnReply};
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    a_visitor_goes_through_a_guide_and_is_handed_over,
    a_run_goes_on_with_the_version_that_it_began_with,
    what_cannot_be_published_is_told_by_step,
    any_automation_is_given_its_state_back_once,
    a_dry_run_stores_nothing,
);

async fn add(world: &World, admin: &Person, name: &str) -> OneGuide {
    let add = AddGuide { name: name.into(), title: "Hello".into(), file: None, team: None };
    world.call(&admin.by, add).await.unwrap()
}

async fn publish(
    world: &World,
    admin: &Person,
    edition: i64,
    version: Option<i64>,
) -> Result<OneGuide, Failure> {
    world.call(&admin.by, PublishGuide { name: "hello".into(), edition, version }).await
}

async fn draft(world: &World, admin: &Person, edition: i64, steps: &str) -> Result<OneGuide, Failure> {
    let steps = serde_json::from_str(steps).unwrap();
    world.call(&admin.by, PutDraft { name: "hello".into(), edition, steps }).await
}

async fn activate(world: &World, admin: &Person) {
    let (active, public, deadline_ms, rules) = (Some(true), None, None, None);
    let patch = PatchAutomation { name: "hello".into(), active, public, deadline_ms, rules };
    world.call(&admin.by, patch).await.unwrap();
}

fn apply(work: &TurnWork, reply: TurnReply) -> ApplyReply {
    ApplyReply {
        conversation: work.request.conversation.clone(),
        fence: work.request.fence,
        automation: work.automation.clone(),
        first: work.request.messages.first().map(|message| message.seq),
        seq: work.seq,
        reply,
    }
}

async fn turn(world: &World, id: &str) -> TurnWork {
    world.house(GetTurn { conversation: id.into() }).await.unwrap()
}

/// The visitor says it, and the guide's reply is applied, twice; answers the reply.
async fn say(world: &World, visitor: &Person, id: &str, text: &str) -> TurnReply {
    world.say(visitor, id, text).await.unwrap();
    let work = turn(world, id).await;
    let reply = work.reply.clone().expect("a guide answers by itself");
    for _ in 0..2 {
        let applied = world.call(&Credential::Component, apply(&work, reply.clone())).await;
        // After it has handed over, the second is late.
        assert!(applied.is_ok() || problem(applied) == Problem::Stale);
    }
    reply
}

async fn a_visitor_goes_through_a_guide_and_is_handed_over(world: World) {
    let (admin, _) = world.agent("maya").await;
    let made = add(&world, &admin, "hello").await;
    assert_eq!((made.guide.published, made.guide.active, made.problems.len()), (0, false, 0));
    publish(&world, &admin, made.guide.edition, None).await.unwrap();
    activate(&world, &admin).await;
    let visitor = world.visitor().await;
    world.database.sql("UPDATE visitors SET name = NULL, email = NULL").unwrap();
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    let first = say(&world, &visitor, &c.id, "hi").await;
    assert_eq!(first.messages.last().unwrap().text, "What is your name?");
    let second = say(&world, &visitor, &c.id, "Ada").await;
    assert!(second.messages[0].text.contains("e-mail"), "{second:?}");
    let again = say(&world, &visitor, &c.id, "nonsense").await;
    assert_eq!(again.then, Then::Wait);
    let last = say(&world, &visitor, &c.id, "ada@example.com").await;
    assert!(matches!(last.then, Then::Handoff(_)));
    let own =
        "SELECT COUNT(*) FROM visitors WHERE name = 'Ada' AND email = 'ada@example.com' AND verified = 0";
    assert_eq!(world.count(own), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations WHERE visitor_name = 'Ada'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM automation_states"), 0);
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
}

const ASKS: &str = r#"[{"id":"a","kind":"ask","text":"old?","save":"a","answer":"text"},
    {"id":"b","kind":"ask","text":"older?","save":"b","answer":"text"},{"id":"end","kind":"resolve"}]"#;

async fn a_run_goes_on_with_the_version_that_it_began_with(world: World) {
    let (admin, _) = world.agent("maya").await;
    add(&world, &admin, "hello").await;
    let old = draft(&world, &admin, 1, ASKS).await.unwrap();
    assert_eq!(problem(draft(&world, &admin, 1, ASKS).await), Problem::Stale, "two admins, one draft");
    publish(&world, &admin, old.guide.edition, None).await.unwrap();
    activate(&world, &admin).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    assert_eq!(say(&world, &visitor, &c.id, "hi").await.messages[0].text, "old?");
    let new =
        draft(&world, &admin, 3, r#"[{"id":"z","kind":"say","text":"new"},{"id":"y","kind":"resolve"}]"#)
            .await;
    let new = publish(&world, &admin, new.unwrap().guide.edition, None).await.unwrap();
    assert_eq!(new.guide.published, 2);
    assert_eq!(say(&world, &visitor, &c.id, "one").await.messages[0].text, "older?");
    let other = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    assert_eq!(say(&world, &visitor, &other.id, "hi").await.messages[0].text, "new");
    assert_eq!(say(&world, &visitor, &c.id, "two").await.then, Then::Resolve);
    let back = publish(&world, &admin, new.guide.edition, Some(1)).await.unwrap();
    assert_eq!((back.guide.published, back.versions.len(), back.steps.len()), (3, 3, 3));
    assert_eq!(
        world
            .count("SELECT COUNT(*) FROM visitor_details WHERE attributes = '{\"a\":\"one\",\"b\":\"two\"}'"),
        1
    );
}

async fn what_cannot_be_published_is_told_by_step(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let made = add(&world, &admin, "hello").await;
    let bad = draft(&world, &admin, 1, r#"[{"id":"a","kind":"say","text":"x","next":"b"}]"#).await.unwrap();
    assert_eq!((bad.problems[0].place, bad.problems[0].field.as_str()), (Some(0), "next"));
    let refused = publish(&world, &admin, bad.guide.edition, None).await.unwrap_err();
    assert!(refused.errors.contains_key("steps.0.next"), "{refused:?}");
    let kind = draft(&world, &admin, 2, r#"[{"id":"a","kind":"explode"}]"#).await.unwrap_err();
    assert!(kind.errors["steps.0.step"].contains("explode"), "{kind:?}");
    let file = |file: &str, name: &str| AddGuide {
        name: name.into(),
        title: "Copy".into(),
        file: Some(file.into()),
        team: None,
    };
    assert_eq!(problem(world.call(&admin.by, file("[[[[", "copy")).await), Problem::Invalid);
    let copy = world.call(&admin.by, file(&made.file, "copy")).await.unwrap();
    assert_eq!(copy.steps, made.steps);
    assert_eq!(problem(world.call(&admin.by, file(&made.file, "mat")).await), Problem::Taken);
    assert_eq!(problem(world.call(&admin.by, GetGuide { name: "none".into() }).await), Problem::NotFound);
    assert_eq!(problem(world.call(&maya.by, ListGuides {}).await), Problem::Forbidden);
    assert_eq!(world.call(&admin.by, ListGuides {}).await.unwrap().items.len(), 2);
}

async fn any_automation_is_given_its_state_back_once(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.say(&visitor, &c.id, "one").await.unwrap();
    let first = turn(&world, &c.id).await;
    assert_eq!((first.request.state.as_deref(), first.reply.is_none()), (None, true));
    let keep = |state: &str| TurnReply { state: Some(state.into()), ..TurnReply::default() };
    let house = |call: ApplyReply| world.call(&Credential::Component, call);
    assert_eq!(problem(house(apply(&first, keep(&"x".repeat(4097)))).await), Problem::Invalid);
    house(apply(&first, keep("1"))).await.unwrap();
    world.say(&visitor, &c.id, "two").await.unwrap();
    let second = turn(&world, &c.id).await;
    assert_eq!(second.request.state.as_deref(), Some("1"));
    house(apply(&second, keep("2"))).await.unwrap();
    house(apply(&first, keep("late"))).await.unwrap();
    world.say(&visitor, &c.id, "three").await.unwrap();
    let third = turn(&world, &c.id).await;
    assert_eq!(third.request.state.as_deref(), Some("2"), "a reply that comes again leaves nothing");
    let bad = ReplyVisitor { email: Some("nowhere".into()), ..ReplyVisitor::default() };
    let bad = TurnReply { visitor: Some(bad), ..TurnReply::default() };
    assert_eq!(problem(house(apply(&third, bad)).await), Problem::Invalid);
}

async fn a_dry_run_stores_nothing(world: World) {
    let (admin, _) = world.agent("maya").await;
    let made = add(&world, &admin, "hello").await;
    let play = |state: Option<String>, text: &str| TryGuide {
        steps: made.steps.clone(),
        state,
        text: text.into(),
        known: [("email".to_owned(), "ada@example.com".to_owned())].into(),
        locale: None,
        page: None,
    };
    let first = world.call(&admin.by, play(None, "hi")).await.unwrap();
    assert_eq!((first.then.as_str(), first.messages.len()), ("wait", 2));
    let second = world.call(&admin.by, play(first.state, "Ada")).await.unwrap();
    assert_eq!(second.then, "handoff");
    assert_eq!(second.learnt["name"], "Ada");
    assert_eq!(world.count("SELECT COUNT(*) FROM automation_states"), 0);
}
