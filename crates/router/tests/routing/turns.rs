//! Turns go out, one of a conversation at a time, and what comes back is applied once.

use std::time::Duration;

use switchboard_bus::Bus as _;
use switchboard_domain::conversation::Command;
use switchboard_wire::notice::Notice;
use switchboard_wire::subject;

use crate::automation::{Program, Step, echo, working};
use crate::ledger::{ada, automation};
use crate::scene::Scene;

const SOON: Duration = Duration::from_millis(500);

#[tokio::test(start_paused = true)]
async fn every_message_is_answered_in_order_and_one_turn_is_out_at_a_time() {
    let scene = Scene::open().await;
    let program =
        Program::start(&scene.bus, "mat", |turn| vec![Step::Sleep(20), Step::Send(echo(turn))]).await;
    scene.ledger.start("c1", automation("mat")).await;
    for n in 0..50 {
        scene.ledger.say("c1", &n.to_string()).await;
    }
    scene.until(SOON, |l| l.texts("c1", "automation").len() == 50).await;
    let expected: Vec<String> = (0..50).map(|n| format!("echo {n}")).collect();
    assert_eq!(scene.ledger.texts("c1", "automation"), expected);
    let asked = program.asked.lock().unwrap();
    // No message is in two turns: the next one went out only after the one before was applied.
    let seqs: Vec<i64> = asked.iter().flat_map(|turn| turn.messages.iter().map(|m| m.seq)).collect();
    assert!(seqs.windows(2).all(|pair| pair[0] < pair[1]), "{seqs:?}");
    assert!(asked.iter().all(|turn| turn.attempt == 1));
}

#[tokio::test(start_paused = true)]
async fn a_silent_automation_loses_the_visitor_to_people_in_time() {
    let scene = Scene::open().await;
    let program = Program::start(&scene.bus, "mat", |_| vec![]).await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "hello").await;
    let took = scene.until(Duration::from_secs(20), |l| l.get("c1").owner.kind() == "queue").await;
    assert!(took >= Duration::from_secs(15), "each attempt has its time: {took:?}");
    let asked = program.asked.lock().unwrap();
    assert_eq!(asked.iter().map(|turn| turn.attempt).collect::<Vec<_>>(), [1, 2, 3]);
    assert!(asked.iter().all(|turn| turn.turn == asked[0].turn), "stable over the attempts");
    assert!(asked[0].event_id != asked[1].event_id && asked[1].event_id != asked[2].event_id);
    let failures = scene.ledger.lock().failures.clone();
    assert_eq!(failures.iter().map(|f| f.attempts).collect::<Vec<_>>(), [1, 2, 3]);
}

#[tokio::test(start_paused = true)]
async fn a_reply_to_an_earlier_attempt_counts() {
    let scene = Scene::open().await;
    let program = Program::start(&scene.bus, "mat", |turn| match turn.attempt {
        1 => vec![Step::Sleep(5_050), Step::Send(r#"{"messages":[{"text":"late"}]}"#.into())],
        _ => vec![Step::Send(r#"{"messages":[{"text":"second"}]}"#.into())],
    })
    .await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "hello").await;
    // It comes in the pause before the second attempt, which is then not needed.
    scene.until(Duration::from_secs(6), |l| !l.texts("c1", "automation").is_empty()).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(scene.ledger.texts("c1", "automation"), ["late"]);
    assert_eq!(program.times_asked(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_is_no_reply_is_tried_again_and_then_people_take_over() {
    let huge = format!(r#"{{"messages":[{{"text":"{}"}}]}}"#, "x".repeat(300 * 1024));
    let cases = [
        (Step::Error("no luck"), "no luck"),
        (Step::Send("hello".into()), "cannot be read"),
        (Step::Send("{}".into()), "neither"),
        (Step::Send(huge), "bytes"),
        (Step::Send(r#"{"messages":[{"text":" "}]}"#.into()), "blank"),
    ];
    let scene = Scene::open().await;
    for (n, (step, error)) in cases.into_iter().enumerate() {
        let (name, id) = (format!("a{n}"), format!("c{n}"));
        let program = Program::start(&scene.bus, &name, move |_| vec![step.clone()]).await;
        scene.ledger.start(&id, automation(&name)).await;
        scene.ledger.say(&id, "hello").await;
        scene.until(Duration::from_secs(2), |l| l.get(&id).owner.kind() == "queue").await;
        assert_eq!(program.times_asked(), 3, "{error}");
        let failures = scene.ledger.lock().failures.clone();
        assert!(failures.last().unwrap().error.contains(error), "{failures:?}");
        assert!(scene.ledger.texts(&id, "automation").is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_there_is_noticed_at_once_but_a_restart_is_waited_for() {
    let scene = Scene::open().await;
    scene.ledger.start("c1", automation("gone")).await;
    scene.ledger.say("c1", "hello").await;
    scene.until(Duration::from_secs(4), |l| l.get("c1").owner.kind() == "queue").await;

    scene.ledger.start("c2", automation("mat")).await;
    scene.ledger.say("c2", "hello").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let _program = Program::echo(&scene.bus, "mat").await;
    scene.until(Duration::from_secs(2), |l| l.texts("c2", "automation") == ["echo hello"]).await;
}

#[tokio::test(start_paused = true)]
async fn working_frames_give_time_and_show_typing() {
    let scene = Scene::open().await;
    let mut typing = scene.bus.subscribe(&subject::notice("typing", None), None).await.unwrap();
    let program = Program::start(&scene.bus, "mat", |turn| {
        let mut steps = vec![];
        for _ in 0..5 {
            steps.extend([Step::Send(working(4_000)), Step::Sleep(3_000)]);
        }
        steps.push(Step::Send(echo(turn)));
        steps
    })
    .await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "think").await;
    scene.until(Duration::from_secs(16), |l| l.texts("c1", "automation") == ["echo think"]).await;
    assert_eq!(program.times_asked(), 1);
    let shown = typing.try_next();
    let Some(switchboard_bus::Delivery::Message(message)) = shown else { panic!("{shown:?}") };
    let Ok(Notice::Typing(shown)) = Notice::decode(&message.subject, |_| None, &message.payload) else {
        panic!("no typing")
    };
    assert_eq!((shown.conversation.as_str(), shown.author.id.as_deref()), ("c1", Some("mat")));
}

#[tokio::test(start_paused = true)]
async fn sixty_seconds_are_all_that_working_frames_get() {
    let scene = Scene::open().await;
    let _program = Program::start(&scene.bus, "mat", |_| {
        (0..1_000).flat_map(|_| [Step::Send(working(60_000)), Step::Sleep(1_000)]).collect()
    })
    .await;
    scene.ledger.start("c1", automation("mat")).await;
    scene.ledger.say("c1", "think").await;
    let took = scene.until(Duration::from_secs(190), |l| l.get("c1").owner.kind() == "queue").await;
    assert!(took >= Duration::from_secs(60), "{took:?}");
    assert!(took <= Duration::from_secs(182), "three attempts of a minute: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_reply_after_the_conversation_changed_hands_is_refused() {
    let scene = Scene::open().await;
    let _slow =
        Program::start(&scene.bus, "slow", |turn| vec![Step::Sleep(3_000), Step::Send(echo(turn))]).await;
    let _mat = Program::echo(&scene.bus, "mat").await;
    scene.ledger.start("c1", automation("slow")).await;
    scene.ledger.say("c1", "hello").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let facts = switchboard_domain::conversation::Facts {
        people_available: true,
        automation: None,
        ..Default::default()
    };
    let handoff = Command::Handoff { by: ada(), team: None, reason: None, facts };
    scene.ledger.act("c1", handoff).await.unwrap();
    // An agent passes it to another automation: that one need not wait for the first.
    let fence = scene.ledger.get("c1").fence;
    let maya = crate::ledger::agent("maya");
    scene.ledger.act("c1", Command::Claim { agent: maya.clone(), fence }).await.unwrap();
    let transfer = Command::Transfer { agent: maya, fence: fence + 1, to: automation("mat"), note: None };
    scene.ledger.act("c1", transfer).await.unwrap();
    scene.until(SOON, |l| l.texts("c1", "automation") == ["echo hello"]).await;
    tokio::time::sleep(Duration::from_secs(30)).await;
    assert_eq!(scene.ledger.texts("c1", "automation"), ["echo hello"], "one reply, not the slow one's too");
}

#[tokio::test(start_paused = true)]
async fn a_guide_has_web_hooks_called_one_after_the_other_and_answers_once() {
    let scene = Scene::open().await;
    scene.ledger.lock().guide = Some(("guide", 2, 3_000));
    scene.ledger.start("c1", automation("guide")).await;
    scene.ledger.say("c1", "hello").await;
    // Two calls of three seconds each.
    scene.until(SOON * 20, |l| !l.texts("c1", "automation").is_empty()).await;
    assert_eq!(scene.ledger.texts("c1", "automation"), ["after 2 calls"]);
    assert_eq!(scene.ledger.lock().called, ["step-0", "step-1"]);
    assert!(scene.ledger.lock().failures.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_web_hook_holds_up_nobody_who_wants_a_person() {
    let scene = Scene::open().await;
    scene.ledger.lock().guide = Some(("guide", 1, 30_000));
    scene.ledger.start("c1", automation("guide")).await;
    scene.ledger.say("c1", "hello").await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let facts = switchboard_domain::conversation::Facts { people_available: true, ..Default::default() };
    scene.ledger.act("c1", Command::Handoff { by: ada(), team: None, reason: None, facts }).await.unwrap();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert!(scene.ledger.texts("c1", "automation").is_empty(), "it answered what is a person's now");
    assert!(scene.ledger.lock().called.is_empty(), "it waited for the answer all the same");
}
