//! What the router asks and does; and once with the router itself.

use std::time::Duration;
use switchboard_bus::Message;
use switchboard_domain::Presence;
use switchboard_domain::limits::DEFAULT_ANSWER_MS;
use switchboard_storage::{Store, automation};
use switchboard_testkit::wait;
use switchboard_wire::call::agent::PutPresence;
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::call::conversation::{Claim, Handoff as AskForPeople};
use switchboard_wire::call::hook::{AddHook, DeleteHook};
use switchboard_wire::call::router::{
    ApplyReply, Assign, DueKind, FailTurn, Found, GetBoard, GetDue, GetTurn, Lapse, RecordAutomations,
    RetireAgent, Sweep, TurnWork,
};
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::notice::{Here, Notice};
use switchboard_wire::turn::{Handoff, ReplyMessage, Then, TurnReply};
use switchboard_wire::view::Health;
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    a_turn_is_answered_once,
    of_two_turns_read_at_once_one_is_applied,
    a_turn_takes_what_can_be_answered_and_leaves_the_rest,
    three_failures_bring_people,
    a_reply_that_is_not_acceptable_is_refused_whole,
    assignments_keep_to_capacity_and_presence,
    who_does_not_answer_loses_it,
    the_board_says_whom_visitors_know,
    who_vanishes_holds_nothing,
    automations_are_found_inactive,
    however_many_automations_are_found_again_nothing_is_written,
    a_web_hook_that_was_deleted_is_not_found_anew,
    what_an_automation_leaves_is_swept,
);

const MAT: fn() -> StartWith = || StartWith::Automation("mat".into());

fn says(texts: &[&str]) -> TurnReply {
    let messages = texts.iter().map(|text| ReplyMessage { text: (*text).into(), choices: vec![] });
    TurnReply { messages: messages.collect(), ..TurnReply::default() }
}

async fn turn(world: &World, id: &str) -> Option<TurnWork> {
    world.house(GetTurn { conversation: id.into(), called: Vec::new() }).await
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

async fn house(world: &World, call: ApplyReply) -> Result<(), Failure> {
    world.call(&Credential::Component, call).await
}

async fn a_turn_is_answered_once(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    assert!(turn(&world, &c.id).await.is_none(), "nothing to answer yet");
    world.say(&visitor, &c.id, "how are you?").await.unwrap();
    let due = world.house(GetDue { limit: 10 }).await;
    assert_eq!(due.due.len(), 1);
    assert_eq!((due.due[0].conversation.as_str(), due.due[0].kind), (c.id.as_str(), DueKind::Turn));
    let work = turn(&world, &c.id).await.unwrap();
    assert_eq!((work.automation.as_str(), work.seq, work.request.attempt), ("mat", 2, 1));
    assert_eq!(work.request.messages[0].text, "how are you?");
    assert_eq!((work.request.history.len(), work.request.deadline_ms), (2, 5_000));
    let again = turn(&world, &c.id).await.unwrap();
    assert_eq!(again.request.turn, work.request.turn, "stable across attempts");
    assert_ne!(again.request.event_id, work.request.event_id);
    house(&world, apply(&work, says(&["mat mat mat?"]))).await.unwrap();
    house(&world, apply(&work, says(&["mat mat mat?"]))).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author_kind = 'automation'"), 1);
    assert!(turn(&world, &c.id).await.is_none());
    assert!(world.house(GetDue { limit: 10 }).await.due.is_empty());
    // Once the conversation has changed hands, a reply is refused.
    world.say(&visitor, &c.id, "again").await.unwrap();
    let late = turn(&world, &c.id).await.unwrap();
    world.call(&visitor.by, AskForPeople { id: c.id.clone() }).await.unwrap();
    assert_eq!(problem(house(&world, apply(&late, says(&["mat"]))).await), Problem::Stale);
    // Handing over and ending.
    let c = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &c.id, "a person please").await.unwrap();
    let work = turn(&world, &c.id).await.unwrap();
    let then = Then::Handoff(Handoff {
        reason: Some("asked for a person".into()),
        note: Some("She asked for Maya.".into()),
        ..Handoff::default()
    });
    let reply = TurnReply { then, tags: vec!["vip".into()], ..says(&["one moment"]) };
    house(&world, apply(&work, reply)).await.unwrap();
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "handed_off", "left_message"]);
    let c = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &c.id, "bye").await.unwrap();
    let work = turn(&world, &c.id).await.unwrap();
    house(&world, apply(&work, TurnReply { then: Then::Resolve, ..says(&["bye"]) })).await.unwrap();
    assert_eq!(world.state(&visitor, &c.id).await.status.as_str(), "resolved");
}

async fn of_two_turns_read_at_once_one_is_applied(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &c.id, "one").await.unwrap();
    let shorter = turn(&world, &c.id).await.unwrap();
    world.say(&visitor, &c.id, "two").await.unwrap();
    let longer = turn(&world, &c.id).await.unwrap();
    assert_eq!(longer.request.messages.len(), 2);
    house(&world, apply(&shorter, says(&["mat"]))).await.unwrap();
    assert_eq!(problem(house(&world, apply(&longer, says(&["mat", "mat"]))).await), Problem::Stale);
    let next = turn(&world, &c.id).await.unwrap();
    assert_eq!(next.request.messages.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(), ["two"]);
    house(&world, apply(&next, says(&["mat"]))).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM entries WHERE author_kind = 'automation'"), 2);
}

async fn a_turn_takes_what_can_be_answered_and_leaves_the_rest(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    for n in 0..12 {
        world.say(&visitor, &c.id, &format!("word {n}")).await.unwrap();
    }
    let work = turn(&world, &c.id).await.unwrap();
    assert_eq!((work.request.messages.len(), work.seq), (10, 11));
    let ten = ["mat"; 10];
    house(&world, apply(&work, says(&ten))).await.unwrap();
    let next = turn(&world, &c.id).await.unwrap();
    let texts: Vec<&str> = next.request.messages.iter().map(|message| message.text.as_str()).collect();
    assert_eq!(texts, ["word 10", "word 11"]);
    house(&world, apply(&next, says(&["mat", "mat"]))).await.unwrap();
    assert!(turn(&world, &c.id).await.is_none());
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "automation");
    // More than ten in a row: the rest is dropped, and people take over.
    world.say(&visitor, &c.id, "go").await.unwrap();
    let work = turn(&world, &c.id).await.unwrap();
    house(&world, apply(&work, says(&["mat"; 14]))).await.unwrap();
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    assert_eq!(
        world.count("SELECT COUNT(*) FROM entries WHERE author_kind = 'automation' AND kind = 'message'"),
        22
    );
}

async fn three_failures_bring_people(world: World) {
    let admin = world.admin().await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &c.id, "hello?").await.unwrap();
    let work = turn(&world, &c.id).await.unwrap();
    let fail = |attempts| FailTurn {
        conversation: c.id.clone(),
        fence: work.request.fence,
        automation: "mat".into(),
        seq: work.seq,
        attempts,
        retry_in_ms: 60_000,
        error: "no answer within 5 s".into(),
    };
    for attempts in [1, 2] {
        world.house(fail(attempts)).await;
        let due = world.house(GetDue { limit: 10 }).await;
        assert!(due.due.is_empty() && due.next_at.is_some(), "it is tried again later");
        assert_eq!(turn(&world, &c.id).await.unwrap().request.attempt, attempts + 1);
    }
    world.house(fail(3)).await;
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "handed_off", "left_message"]);
    let refused = world.call(&Credential::Component, fail(3)).await;
    assert_eq!(problem(refused), Problem::Stale);
    let listed = world.call(&admin.by, ListAutomations {}).await.unwrap().items;
    let mat = listed.iter().find(|row| row.name == "mat").unwrap();
    assert_eq!(mat.last_error.as_deref(), Some("no answer within 5 s"));
}

async fn a_reply_that_is_not_acceptable_is_refused_whole(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &c.id, "hello?").await.unwrap();
    let work = turn(&world, &c.id).await.unwrap();
    let to = |team: &str| Then::Handoff(Handoff { team: Some(team.into()), ..Handoff::default() });
    let bad = [
        says(&["fine", " "]),
        says(&[&"x".repeat(8_001)]),
        TurnReply { tags: vec!["".into()], ..says(&["fine"]) },
        TurnReply { tags: vec!["x".repeat(41)], ..says(&["fine"]) },
        TurnReply { then: to("nowhere"), ..says(&["fine"]) },
    ];
    for reply in bad {
        assert_eq!(problem(house(&world, apply(&work, reply)).await), Problem::Invalid);
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM entries"), 2, "nothing is half written");
}

async fn assign(world: &World, id: &str, fence: i64, agent: &Person) -> Result<(), Failure> {
    let call = Assign { conversation: id.into(), fence, agent: agent.id.clone() };
    world.call(&Credential::Component, call).await
}

async fn the_board_says_whom_visitors_know(world: World) {
    let admin = world.admin().await;
    let maya = world.online_agent(&admin, "maya", None).await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let (visitor, stranger) = (world.visitor().await, world.visitor().await);
    let known = async || -> Vec<Option<String>> {
        world.house(GetBoard::default()).await.waiting.into_iter().map(|waiting| waiting.known).collect()
    };
    let first = world.begin(&visitor, StartWith::People).await;
    world.begin(&stranger, StartWith::People).await;
    assert_eq!(known().await, [None, None]);
    assign(&world, &first.id, first.fence, &maya).await.unwrap();
    let second = world.begin(&visitor, StartWith::People).await;
    assert_eq!(known().await, [None, Some(maya.id.clone())], "the stranger waits longer");
    // Whoever has it last: by claiming, or by being handed it.
    world.call(&noor.by, Claim { id: second.id.clone(), fence: second.fence }).await.unwrap();
    world.begin(&visitor, StartWith::People).await;
    assert_eq!(known().await, [None, Some(noor.id.clone())]);
    assert_eq!(world.count("SELECT COUNT(*) FROM known_agents"), 1);
}

async fn assignments_keep_to_capacity_and_presence(world: World) {
    let admin = world.admin().await;
    let maya = world.online_agent(&admin, "maya", Some(1)).await;
    let visitor = world.visitor().await;
    let (one, two) =
        (world.begin(&visitor, StartWith::People).await, world.begin(&visitor, StartWith::People).await);
    let board = world.house(GetBoard::default()).await;
    assert_eq!(board.waiting.iter().map(|w| w.conversation.as_str()).collect::<Vec<_>>(), [&one.id, &two.id]);
    assert_eq!((board.agents.len(), board.agents[0].capacity, board.agents[0].open), (1, 1, 0));
    assert_eq!(problem(assign(&world, &one.id, one.fence + 1, &maya).await), Problem::Stale);
    // Both at once: there is room for one.
    let (first, second) =
        tokio::join!(assign(&world, &one.id, one.fence, &maya), assign(&world, &two.id, two.fence, &maya));
    assert!(first.is_ok() != second.is_ok(), "{first:?} {second:?}");
    assert_eq!(first.and(second).unwrap_err().problem, Problem::Taken);
    assert_eq!(world.house(GetBoard::default()).await.agents[0].open, 1);
    // Beyond the capacity only by claiming.
    let left = world.house(GetBoard::default()).await.waiting.remove(0);
    world.call(&maya.by, Claim { id: left.conversation, fence: left.fence }).await.unwrap();
    // Not to those who are away, and not to those of another team.
    let noah = world.online_agent(&admin, "noah", None).await;
    let three = world.begin(&visitor, StartWith::People).await;
    world.call(&noah.by, PutPresence { status: Presence::Away }).await.unwrap();
    assert_eq!(problem(assign(&world, &three.id, three.fence, &noah).await), Problem::Offline);
    world.call(&noah.by, PutPresence { status: Presence::Online }).await.unwrap();
    let sales = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    let four = world.begin(&visitor, StartWith::Team(sales.id)).await;
    assert_eq!(problem(assign(&world, &four.id, four.fence, &noah).await), Problem::Stale);
    assign(&world, &three.id, three.fence, &noah).await.unwrap();
}

async fn who_does_not_answer_loses_it(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    assign(&world, &c.id, c.fence, &maya).await.unwrap();
    let fence = world.state(&visitor, &c.id).await.fence;
    let lapse = || Lapse { conversation: c.id.clone(), fence };
    world.house(lapse()).await;
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "agent", "there is still time");
    world.clock.forward(DEFAULT_ANSWER_MS);
    assert_eq!(world.house(GetDue { limit: 9 }).await.due[0].kind, DueKind::Answer);
    world.house(lapse()).await;
    assert_eq!(world.state(&visitor, &c.id).await.owner.kind, "queue");
    assert_eq!(
        world.house(GetBoard::default()).await.waiting[0].missed_by.as_deref(),
        Some(maya.id.as_str())
    );
    // Who answers keeps it.
    let fence = world.state(&visitor, &c.id).await.fence;
    assign(&world, &c.id, fence, &maya).await.unwrap();
    world.say(&maya, &c.id, "here I am").await.unwrap();
    world.clock.forward(DEFAULT_ANSWER_MS);
    assert!(world.house(GetDue { limit: 9 }).await.due.is_empty());
}

async fn who_vanishes_holds_nothing(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.call(&maya.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    for _ in 0..2 {
        world.house(RetireAgent { agent: maya.id.clone() }).await;
    }
    assert_eq!(world.events(&visitor, &c.id).await, ["started", "assigned", "requeued"]);
    assert!(world.house(GetBoard::default()).await.agents.is_empty());
}

async fn automations_are_found_inactive(world: World) {
    let admin = world.admin().await;
    let found = |name: &str, title: &str| Found {
        name: name.into(),
        title: title.into(),
        description: "Says\nthings".into(),
    };
    let list = async || world.call(&admin.by, ListAutomations {}).await.unwrap().items;
    assert!(list().await.iter().all(|row| row.health == Health::Down));
    for title in ["Echo", "Echo 2"] {
        let found = vec![found("echo", title), found("Not a name", "x"), found("mat", "Mat")];
        world.house(RecordAutomations { found }).await;
        let listed = list().await;
        assert_eq!(listed.len(), 4, "and chat, faq and mat");
        let echo = listed.iter().find(|row| row.name == "echo").unwrap();
        assert!(!echo.active && echo.title == title && echo.description == "Saysthings");
        assert_eq!(echo.health, Health::Up);
        let mat = listed.iter().find(|row| row.name == "mat").unwrap();
        assert!(mat.active, "what an admin decided stays");
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'automation.found'"), 1);
}

async fn however_many_automations_are_found_again_nothing_is_written(world: World) {
    let name = |n: usize| format!("many{n:03}");
    let found: Vec<Found> = (0..250)
        .map(|n| Found { name: name(n), title: "One of many".into(), description: String::new() })
        .collect();
    world.house(RecordAutomations { found: found.clone() }).await;
    assert_eq!(world.count("SELECT COUNT(*) FROM automations WHERE title = 'One of many'"), 250);
    // Whoever wanted to write one of them would wait for this.
    let store = Store::open(&world.database.url(), switchboard_storage::Options::default()).await.unwrap();
    let mut tx = store.write().await.unwrap();
    for n in 0..250 {
        automation::lock(&mut tx, &name(n)).await.unwrap().unwrap();
    }
    let again = world.house(RecordAutomations { found });
    tokio::time::timeout(Duration::from_secs(2), again).await.expect("something was written");
    drop(tx);
}

async fn a_web_hook_that_was_deleted_is_not_found_anew(world: World) {
    let admin = world.admin().await;
    let (name, title) = (String::from("away"), String::from("Away"));
    let hook = AddHook {
        name: name.clone(),
        title: title.clone(),
        description: String::new(),
        url: "https://example.com/turns".into(),
    };
    world.call(&admin.by, hook).await.unwrap();
    world.call(&admin.by, DeleteHook { name: name.clone() }).await.unwrap();
    // Its server answered before it heard of that.
    let found = vec![Found { name, title, description: String::new() }];
    world.house(RecordAutomations { found: found.clone() }).await;
    let rows = || world.count("SELECT COUNT(*) FROM automations WHERE name = 'away'");
    assert_eq!(rows(), 0);
    world.clock.forward(2 * 60_000);
    world.house(RecordAutomations { found }).await;
    assert_eq!(rows(), 1, "whoever still answers is another one");
}

async fn what_an_automation_leaves_is_swept(world: World) {
    let visitor = world.visitor().await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(world.begin(&visitor, MAT()).await.id);
    }
    world.say(&visitor, &ids[0], "hello?").await.unwrap();
    world.database.sql("UPDATE automations SET active = 0 WHERE name = 'mat'").unwrap();
    assert!(turn(&world, &ids[0]).await.is_none(), "no turn goes to an inactive one");
    assert_eq!(world.house(Sweep {}).await.conversations, 3);
    for id in &ids {
        assert_eq!(world.state(&visitor, id).await.owner.kind, "queue");
    }
    assert_eq!(world.house(Sweep {}).await.conversations, 0);
}

/// With the router at work: an agent with an open console is given what waits, and an automation that is nobody's
/// does not keep a visitor waiting.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_router_gives_what_waits_to_who_is_there() {
    let world = World::routed().await;
    let (_, maya) = world.agent("maya").await;
    let here = Notice::Here(Here { node: "n1".into(), agents: vec![maya.id.clone()] }).encode();
    world.bus.publish(Message::new(here.subject, here.payload)).await.unwrap();
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    wait::until("an assignment", Duration::from_secs(10), async || {
        Ok((world.state(&visitor, &c.id).await.owner.kind == "agent").then_some(()))
    })
    .await
    .unwrap();
    let events = world.events(&visitor, &c.id).await;
    assert_eq!(events, ["started", "assigned"]);
    let lost = world.begin(&visitor, MAT()).await;
    world.say(&visitor, &lost.id, "anybody?").await.unwrap();
    wait::until("people", Duration::from_secs(20), async || {
        Ok((world.state(&visitor, &lost.id).await.owner.kind != "automation").then_some(()))
    })
    .await
    .unwrap();
    world.service.stop().await;
}
