//! Guides: composed, published, and answering turns with what they have learnt.

use switchboard_wire::call::automation::PatchAutomation;
use switchboard_wire::call::guide::{
    AddGuide, GetGuide, ListGuides, OneGuide, PublishGuide, PutDraft, TryGuide,
};
use switchboard_wire::call::router::{ApplyReply, Called, GetTurn, TurnWork};
use switchboard_wire::call::visitor::{StartConversation, StartWith};
use switchboard_wire::call::webhook::{AddWebhook, PatchWebhook};
use switchboard_wire::turn::{Handoff, ReplyVisitor, Then, TurnReply};
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
    whoever_picks_a_guide_is_greeted_before_writing,
    a_guide_goes_to_another_automation_but_not_for_ever,
    a_web_hook_is_called_and_what_it_answers_is_kept,
);

pub(crate) async fn add(world: &World, admin: &Person, name: &str) -> OneGuide {
    let add = AddGuide { name: name.into(), title: "Hello".into(), file: None, team: None };
    world.call(&admin.by, add).await.unwrap()
}

pub(crate) async fn publish(
    world: &World,
    admin: &Person,
    edition: i64,
    version: Option<i64>,
) -> Result<OneGuide, Failure> {
    world.call(&admin.by, PublishGuide { name: "hello".into(), edition, version }).await
}

pub(crate) async fn draft(
    world: &World,
    admin: &Person,
    edition: i64,
    steps: &str,
) -> Result<OneGuide, Failure> {
    let steps = serde_json::from_str(steps).unwrap();
    world.call(&admin.by, PutDraft { name: "hello".into(), edition, steps }).await
}

async fn activate(world: &World, admin: &Person) {
    switch(world, admin, "hello", true).await;
}

pub(crate) fn apply(work: &TurnWork, reply: TurnReply) -> ApplyReply {
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
    world.house(GetTurn { conversation: id.into(), called: Vec::new() }).await.unwrap()
}

/// The visitor says it, and the guide's reply is applied, twice; answers the reply.
pub(crate) async fn say(world: &World, visitor: &Person, id: &str, text: &str) -> TurnReply {
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

/// What the automations of a conversation have said, in order.
pub(crate) fn said(world: &World, id: &str) -> Vec<String> {
    let query = format!(
        "SELECT COALESCE(MAX(seq), 0) FROM entries WHERE conversation_id = '{id}' AND author_kind = 'automation' \
         AND kind = 'message'"
    );
    let body = |seq: i64| {
        let query = format!(
            "SELECT COALESCE(MAX(body), '') FROM entries WHERE conversation_id = '{id}' AND seq = {seq} \
             AND author_kind = 'automation' AND kind = 'message'"
        );
        let body = world.database.value(&query).unwrap();
        let body: serde_json::Value = serde_json::from_str(body.trim()).ok()?;
        body["text"].as_str().map(str::to_owned)
    };
    (1..=world.count(&query)).filter_map(body).collect()
}

/// Another guide with these steps, published and active.
pub(crate) async fn guide(world: &World, admin: &Person, name: &str, steps: &str) -> OneGuide {
    let made = add(world, admin, name).await;
    let steps = serde_json::from_str(steps).unwrap();
    let edition = made.guide.edition;
    let made = world.call(&admin.by, PutDraft { name: name.into(), edition, steps }).await.unwrap();
    let edition = made.guide.edition;
    let made =
        world.call(&admin.by, PublishGuide { name: name.into(), edition, version: None }).await.unwrap();
    switch(world, admin, name, true).await;
    made
}

async fn switch(world: &World, admin: &Person, name: &str, active: bool) {
    let (active, public, deadline_ms, rules) = (Some(active), None, None, None);
    let patch = PatchAutomation { name: name.into(), active, public, deadline_ms, rules };
    world.call(&admin.by, patch).await.unwrap();
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
    assert_eq!(said(&world, &c.id).last().map(String::as_str), Some("What is your name?"));
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

pub(crate) const ASKS: &str = r#"[{"id":"a","kind":"ask","text":"old?","save":"a","answer":"text"},
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
    assert_eq!(said(&world, &c.id), ["old?"]);
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
        calls_fail: false,
    };
    let first = world.call(&admin.by, play(None, "hi")).await.unwrap();
    assert_eq!((first.then.as_str(), first.messages.len()), ("wait", 2));
    let second = world.call(&admin.by, play(first.state, "Ada")).await.unwrap();
    assert_eq!(second.then, "handoff");
    assert_eq!(second.learnt["name"], "Ada");
    assert_eq!(world.count("SELECT COUNT(*) FROM automation_states"), 0);
    // What no guide may be as large as is not tried.
    let large = serde_json::json!({ "id": "s", "kind": "say", "text": "{".repeat(2_001) });
    let refused = world.call(&admin.by, TryGuide { steps: vec![large], ..play(None, "hi") }).await;
    assert!(refused.unwrap_err().errors.contains_key("steps.0.text"));
    let known = [("name".to_owned(), "x".repeat(501))].into();
    let refused = world.call(&admin.by, TryGuide { known, ..play(None, "hi") }).await;
    assert!(refused.unwrap_err().errors.contains_key("known"));
}

async fn whoever_picks_a_guide_is_greeted_before_writing(world: World) {
    let (admin, _) = world.agent("maya").await;
    let asks = r#"[{"id":"t","kind":"tag","tag":"greeted"},{"id":"s","kind":"say","text":"Hello!"},
        {"id":"k","kind":"set","key":"source","value":"web"},
        {"id":"c","kind":"choose","text":"What?","options":[{"label":"An order"},{"label":"Else"}],"save":"about"},
        {"id":"e","kind":"handoff"}]"#;
    guide(&world, &admin, "hello", asks).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    assert_eq!(said(&world, &c.id), ["Hello!", "What?"]);
    assert_eq!((c.owner.kind.as_str(), c.head, c.opening), ("automation", 3, Some(3)));
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations WHERE tags LIKE '%greeted%'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM visitor_details WHERE attributes LIKE '%\"source\"%'"), 1);
    // No turn is due before the visitor writes, and the first message answers what was asked.
    assert_eq!(
        world.house(GetTurn { conversation: c.id.clone(), called: Vec::new() }).await.map(|w| w.seq),
        None
    );
    let reply = say(&world, &visitor, &c.id, "an order").await;
    assert!(matches!(reply.then, Then::Handoff(_)), "{reply:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM visitor_details WHERE attributes LIKE '%An order%'"), 1);
    assert_eq!(said(&world, &c.id).len(), 2, "nothing is said twice");
    assert_eq!(world.state(&visitor, &c.id).await.opening, None);

    // Who begins with a message is answered by a turn, as every automation would.
    let text = Some("hi".to_owned());
    let to = StartWith::Automation("hello".into());
    let call = StartConversation { to, client_msg_id: None, text };
    let c = world.call(&visitor.by, call).await.unwrap().conversation;
    assert!(said(&world, &c.id).is_empty());
    assert_eq!(turn(&world, &c.id).await.reply.unwrap().messages.len(), 2);
    // What would go to people at once waits for a word, and other automations say nothing first.
    guide(&world, &admin, "away", r#"[{"id":"s","kind":"say","text":"Bye"},{"id":"h","kind":"handoff"}]"#)
        .await;
    for name in ["away", "mat"] {
        let c = world.begin(&visitor, StartWith::Automation(name.into())).await;
        assert!(said(&world, &c.id).is_empty(), "{name}");
        assert_eq!(c.owner.kind, "automation");
    }
}

async fn a_guide_goes_to_another_automation_but_not_for_ever(world: World) {
    let (admin, _) = world.agent("maya").await;
    let to = |name: &str| {
        format!(r#"[{{"id":"s","kind":"say","text":"On."}},{{"id":"g","kind":"go","automation":"{name}"}}]"#)
    };
    guide(&world, &admin, "hello", &to("mat")).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    say(&world, &visitor, &c.id, "how are you").await;
    let now = world.state(&visitor, &c.id).await;
    assert_eq!((now.owner.kind.as_str(), now.owner.id.as_deref()), ("automation", Some("mat")));
    let work = turn(&world, &c.id).await;
    assert_eq!(work.request.messages.len(), 1);
    assert_eq!(work.request.messages[0].text, "how are you", "it begins with what was said last");
    world.house(apply(&work, TurnReply::default())).await;
    assert!(world.house(GetTurn { conversation: c.id.clone(), called: Vec::new() }).await.is_none());

    // One that answers nobody: people, with the reason.
    switch(&world, &admin, "mat", false).await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    say(&world, &visitor, &c.id, "hi").await;
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    assert_eq!(
        world.count("SELECT COUNT(*) FROM entries WHERE body LIKE '%the automation mat is not there now%'"),
        1
    );

    // Two that pass it to each other, each with a word: ten in all, then people.
    for (name, other) in [("ping", "mat"), ("pong", "ping")] {
        guide(&world, &admin, name, &to(other)).await;
    }
    let ping = world.call(&admin.by, GetGuide { name: "ping".into() }).await.unwrap();
    let steps = serde_json::from_str(&to("pong")).unwrap();
    let edition = ping.guide.edition;
    let ping = world.call(&admin.by, PutDraft { name: "ping".into(), edition, steps }).await.unwrap();
    let edition = ping.guide.edition;
    world.call(&admin.by, PublishGuide { name: "ping".into(), edition, version: None }).await.unwrap();
    let c = world.begin(&visitor, StartWith::Automation("ping".into())).await;
    world.say(&visitor, &c.id, "hi").await.unwrap();
    let mut turns = 0;
    while let Some(work) = world.house(GetTurn { conversation: c.id.clone(), called: Vec::new() }).await {
        turns += 1;
        assert!(turns <= 10, "they pass it on for ever");
        world.house(apply(&work, work.reply.clone().unwrap())).await;
    }
    assert_eq!(turns, 6, "five with a word and a passing on, and one that is too much");
    assert_eq!(said(&world, &c.id).len(), 5);
    let state = world.state(&visitor, &c.id).await;
    assert_eq!(state.owner.kind, "queue");
    let loops =
        format!("SELECT COUNT(*) FROM entries WHERE conversation_id = '{}' AND body LIKE '%loop%'", c.id);
    assert_eq!(world.count(&loops), 1);

    // Every automation may do it; what is no name is refused.
    let to = |name: &str| {
        let to = Handoff { automation: Some(name.into()), ..Handoff::default() };
        TurnReply { then: Then::Handoff(to), ..TurnReply::default() }
    };
    switch(&world, &admin, "mat", true).await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    world.say(&visitor, &c.id, "hi").await.unwrap();
    let work = turn(&world, &c.id).await;
    let refused = world.call(&Credential::Component, apply(&work, to("no name"))).await;
    assert_eq!(problem(refused), Problem::Invalid);
    world.house(apply(&work, to("chat"))).await;
    assert_eq!(world.state(&visitor, &c.id).await.owner.id.as_deref(), Some("chat"));
}

async fn a_web_hook_is_called_and_what_it_answers_is_kept(world: World) {
    let (admin, _) = world.agent("maya").await;
    let url = "https://shop.example.org/lookup".to_owned();
    let add = AddWebhook { name: "Shop".into(), url, events: Vec::new() };
    let hook = world.call(&admin.by, add).await.unwrap().webhook;
    assert!(hook.events.is_empty(), "one that is only called is told nothing");
    let steps = format!(
        r#"[{{"id":"n","kind":"ask","text":"Number?","save":"order","answer":"number"}},
            {{"id":"w","kind":"call","webhook":"{}","keep":["status"],"otherwise":"sorry"}},
            {{"id":"s","kind":"say","text":"It is {{status}}."}},{{"id":"e","kind":"resolve"}},
            {{"id":"sorry","kind":"say","text":"We cannot see it."}},{{"id":"h","kind":"handoff"}}]"#,
        hook.id
    );
    guide(&world, &admin, "hello", &steps).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("hello".into())).await;
    world.say(&visitor, &c.id, "17").await.unwrap();
    let work = turn(&world, &c.id).await;
    assert!(work.reply.is_none());
    let call = work.call.unwrap();
    assert_eq!((call.step.as_str(), call.webhook.as_str()), ("w", hook.id.as_str()));
    let sent: serde_json::Value = serde_json::from_str(&call.body).unwrap();
    assert_eq!((&sent["type"], &sent["data"]["guide"]), (&"guide.call".into(), &"hello".into()));
    assert_eq!(sent["data"]["conversation"], c.id.as_str());
    assert_eq!(sent["data"]["visitor"]["attributes"]["order"], "17");
    assert_eq!(turn(&world, &c.id).await.call.unwrap().id, call.id, "asked again it is the same call");

    let with = |answer: Option<&str>| {
        let pairs = |status: &str| {
            [("status", status), ("secret", "x")].map(|(k, v)| (k.to_owned(), v.to_owned())).into()
        };
        let error = answer.is_none().then(|| "no answer in time".to_owned());
        let called = Called { step: "w".into(), answer: answer.map(pairs), error };
        GetTurn { conversation: c.id.clone(), called: vec![called] }
    };
    let failed = world.house(with(None)).await.unwrap().reply.unwrap();
    assert_eq!(failed.messages[0].text, "We cannot see it.");
    let work = world.house(with(Some("on its way"))).await.unwrap();
    let reply = work.reply.clone().unwrap();
    assert_eq!(reply.messages[0].text, "It is on its way.");
    world.house(apply(&work, reply)).await;
    let kept = "SELECT COUNT(*) FROM visitor_details WHERE attributes = '{\"order\":\"17\",\"status\":\"on its way\"}'";
    assert_eq!(world.count(kept), 1, "what is not asked for is not kept");
    // A dry run makes no call, and says what would be sent.
    let tried = |calls_fail| TryGuide {
        steps: serde_json::from_str(&steps).unwrap(),
        state: Some(r#"{"version":0,"at":"n"}"#.into()),
        text: "17".into(),
        known: std::collections::BTreeMap::new(),
        locale: None,
        page: None,
        calls_fail,
    };
    let well = world.call(&admin.by, tried(false)).await.unwrap();
    assert_eq!((well.then.as_str(), well.messages[0].text.as_str()), ("resolve", "It is ."));
    assert!(well.calls[0].body.contains(r#""order":"17""#), "{:?}", well.calls);
    assert_eq!(world.call(&admin.by, tried(true)).await.unwrap().then, "handoff");
    // One that is not there is told before it is published.
    let gone = steps.replace(hook.id.as_str(), "nowhere");
    let edition = world.call(&admin.by, GetGuide { name: "hello".into() }).await.unwrap().guide.edition;
    let bad = draft(&world, &admin, edition, &gone).await.unwrap();
    assert_eq!((bad.problems[0].field.as_str(), bad.problems[0].step.as_deref()), ("webhook", Some("w")));
    let off = PatchWebhook { id: hook.id, name: None, url: None, events: None, active: Some(false) };
    world.call(&admin.by, off).await.unwrap();
}
