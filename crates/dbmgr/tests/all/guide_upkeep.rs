//! Guides that are renamed, deleted, or cannot be carried out: what becomes of them, of others and of visitors.

use switchboard_wire::Problem;
use switchboard_wire::call::guide::{DeleteGuide, GetGuide, ListGuides, PatchGuide, PublishGuide, PutDraft};
use switchboard_wire::call::router::{Called, GetTurn};
use switchboard_wire::call::visitor::{StartConversation, StartWith};
use switchboard_wire::call::webhook::AddWebhook;
use switchboard_wire::turn::Then;

use crate::guides::{ASKS, add, apply, draft, guide, publish, said, say};
use crate::on_both;
use crate::world::{World, problem};

on_both!(
    a_guide_is_renamed_and_deleted_where_nothing_goes_to_it,
    what_is_wrong_with_a_web_hook_is_for_staff_to_read,
    a_guide_that_cannot_be_read_hides_no_others,
    a_guide_that_cannot_be_read_leaves_the_visitor_to_people,
);

async fn a_guide_is_renamed_and_deleted_where_nothing_goes_to_it(world: World) {
    let (admin, maya) = world.agent("maya").await;
    guide(&world, &admin, "hello", ASKS).await;
    let goes = guide(&world, &admin, "first", r#"[{"id":"g","kind":"go","automation":"hello"}]"#).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    let rename = |title: &str| PatchGuide { name: "hello".into(), title: title.into() };
    assert_eq!(problem(world.call(&admin.by, rename(" ")).await), Problem::Invalid);
    assert_eq!(problem(world.call(&maya.by, rename("Mine")).await), Problem::Forbidden);
    let named = world.call(&admin.by, rename("Reception")).await.unwrap();
    assert_eq!((named.guide.title.as_str(), named.guide.name.as_str()), ("Reception", "hello"));
    assert!(named.uses.is_none(), "it is told when the guide is asked for");
    let uses = world.call(&admin.by, GetGuide { name: "hello".into() }).await.unwrap().uses.unwrap();
    assert_eq!((uses.conversations, uses.guides), (1, vec!["first".to_owned()]));

    let delete = || DeleteGuide { name: "hello".into() };
    assert_eq!(problem(world.call(&maya.by, delete()).await), Problem::Forbidden);
    let refused = world.call(&admin.by, delete()).await.unwrap_err();
    assert_eq!(refused.problem, Problem::Taken);
    assert!(refused.detail.contains("first"), "{refused:?}");
    // The draft alone is not enough: visitors meet what is published.
    let (edition, steps) =
        (goes.guide.edition, serde_json::from_str(r#"[{"id":"h","kind":"handoff"}]"#).unwrap());
    let draft = world.call(&admin.by, PutDraft { name: "first".into(), edition, steps }).await.unwrap();
    assert_eq!(problem(world.call(&admin.by, delete()).await), Problem::Taken);
    let edition = draft.guide.edition;
    world.call(&admin.by, PublishGuide { name: "first".into(), edition, version: None }).await.unwrap();
    world.call(&admin.by, delete()).await.unwrap();
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue", "whoever was in it is with people");
    for table in ["guides", "guide_versions", "automations"] {
        assert_eq!(world.count(&format!("SELECT COUNT(*) FROM {table} WHERE name = 'hello'")), 0, "{table}");
    }
    assert_eq!(problem(world.call(&admin.by, delete()).await), Problem::NotFound);
    let start =
        StartConversation { to: StartWith::Automation("hello".into()), client_msg_id: None, text: None };
    assert_eq!(problem(world.call(&visitor.by, start).await), Problem::NotFound);
    // Its name is free again.
    add(&world, &admin, "hello").await;
}

async fn what_is_wrong_with_a_web_hook_is_for_staff_to_read(world: World) {
    let (admin, _) = world.agent("maya").await;
    let url = "https://shop.example.org/lookup".to_owned();
    let add = AddWebhook { name: "Shop".into(), url, events: Vec::new() };
    let hook = world.call(&admin.by, add).await.unwrap().webhook;
    let steps = format!(r#"[{{"id":"w","kind":"call","webhook":"{}","keep":[]}}]"#, hook.id);
    guide(&world, &admin, "hello", &steps).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    world.say(&visitor, &c.id, "hi").await.unwrap();
    let error = Some("10.0.0.7 is an address of a private or special network".to_owned());
    let called = Called { step: "w".into(), answer: None, error };
    let work = GetTurn { conversation: c.id.clone(), called: vec![called] };
    let work = world.house(work).await.unwrap();
    let reply = work.reply.clone().unwrap();
    world.house(apply(&work, reply)).await;
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    let told = |public: i64| {
        let query = format!(
            "SELECT COUNT(*) FROM entries WHERE conversation_id = '{}' AND public = {public} \
             AND body LIKE '%10.0.0.7%'",
            c.id
        );
        world.count(&query)
    };
    assert_eq!((told(1), told(0)), (0, 1), "visitors read nothing of it, staff do");
}

async fn a_guide_that_cannot_be_read_hides_no_others(world: World) {
    let (admin, _) = world.agent("maya").await;
    let made = add(&world, &admin, "hello").await;
    add(&world, &admin, "other").await;
    world
        .database
        .sql("UPDATE guides SET draft = '[{\"kind\":\"full_moon\"}]' WHERE name = 'other'")
        .unwrap();
    let steps = r#"[{"id":"h","kind":"handoff"}]"#;
    let changed = draft(&world, &admin, made.guide.edition, steps).await.unwrap();
    assert!(changed.uses.is_none(), "what takes reading all others is not told after a change");
    let published = publish(&world, &admin, changed.guide.edition, None).await.unwrap();
    assert_eq!(published.guide.published, 1);
    let read = world.call(&admin.by, GetGuide { name: "hello".into() }).await.unwrap();
    assert_eq!(read.uses.unwrap().conversations, 0);
    let all = world.call(&admin.by, ListGuides {}).await.unwrap();
    let problems: Vec<_> = all.items.iter().map(|guide| (guide.name.as_str(), guide.problems)).collect();
    assert_eq!(problems, [("hello", 0), ("other", 1)]);
    world.call(&admin.by, DeleteGuide { name: "hello".into() }).await.unwrap();
    world.call(&admin.by, DeleteGuide { name: "other".into() }).await.unwrap();
}

async fn a_guide_that_cannot_be_read_leaves_the_visitor_to_people(world: World) {
    let (admin, _) = world.agent("maya").await;
    let made = guide(&world, &admin, "hello", ASKS).await;
    guide(&world, &admin, "other", ASKS).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    // As a newer version of the program would have stored it.
    let tomorrow = r#"[{"id":"a","kind":"of_tomorrow"}]"#;
    world
        .database
        .sql(&format!("UPDATE guide_versions SET steps = '{tomorrow}' WHERE name = 'hello'"))
        .unwrap();
    world.database.sql(&format!("UPDATE guides SET draft = '{tomorrow}' WHERE name = 'hello'")).unwrap();

    let reply = say(&world, &visitor, &c.id, "Ada").await;
    assert!(matches!(reply.then, Then::Handoff(_)), "{reply:?}");
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    let why = format!(
        "SELECT COUNT(*) FROM entries WHERE conversation_id = '{}' AND body LIKE '%handed_off%' \
         AND body LIKE '%version {} of the guide cannot be read%'",
        c.id, made.guide.published
    );
    assert_eq!(world.count(&why), 1, "the agent is told why");

    // Whoever picks it now is let in, without being greeted.
    let other = world.begin(&world.visitor().await, StartWith::Automation("hello".into())).await;
    assert_eq!(said(&world, &other.id), Vec::<String>::new());
    let all = world.call(&admin.by, ListGuides {}).await.unwrap().items;
    let shown: Vec<(&str, usize)> = all.iter().map(|one| (one.name.as_str(), one.problems)).collect();
    assert_eq!(shown, [("hello", 1), ("other", 0)]);
    world.call(&admin.by, GetGuide { name: "other".into() }).await.unwrap();
}
