//! Messages and notes: idempotent for ever, in order, numbered without gaps, each answered on its own.

use std::collections::HashMap;
use std::sync::Arc;

use switchboard_domain::limits::BATCH_ROWS;
use switchboard_wire::Problem;
use switchboard_wire::call::append::Append;
use switchboard_wire::call::conversation::{Claim, GetConversation, GetEntries, Resolve};
use switchboard_wire::call::visitor::StartWith;

use crate::on_both;
use crate::people::{Person, key, message, note};
use crate::world::{World, problem};

on_both!(
    a_repeat_is_answered_as_the_first_time,
    a_pipelined_list_keeps_its_order,
    one_bad_item_does_not_hurt_the_others,
    many_at_once_are_numbered_without_gaps,
    notes_are_for_staff,
    only_the_owner_answers,
    writing_to_a_resolved_conversation_reopens_it,
    what_is_not_acceptable_says_why,
);

const MAT: fn() -> StartWith = || StartWith::Automation("mat".into());

async fn a_repeat_is_answered_as_the_first_time(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    let id = key();
    let first = world.append(vec![message(&visitor, &c.id, &id, "hello")]).await.remove(0).unwrap();
    assert!(!first.repeated);
    let want = Append { want_entry: true, ..message(&visitor, &c.id, &id, "  hello ") };
    let again = world.append(vec![want]).await.remove(0).unwrap();
    assert!(again.repeated);
    assert_eq!((again.seq, &again.id, &again.at), (first.seq, &first.id, &first.at));
    assert!(again.entry.unwrap().get().contains(r#""text":"hello""#));
    let other = world.append(vec![message(&visitor, &c.id, &id, "something else")]).await.remove(0);
    assert_eq!(problem(other), Problem::Conflict);
    // Within one batch, too.
    let id = key();
    let twice = [message(&visitor, &c.id, &id, "once"), message(&visitor, &c.id, &id, "once")];
    let answers = world.append(twice.into()).await;
    let answers: Vec<_> = answers.into_iter().map(Result::unwrap).collect();
    assert_eq!(answers[0].seq, answers[1].seq);
    assert_eq!([answers[0].repeated, answers[1].repeated], [false, true]);
    // And whatever has become of the conversation since.
    world.call(&visitor.by, Resolve { id: c.id.clone(), fence: None }).await.unwrap();
    let late = world.append(vec![message(&visitor, &c.id, &id, "once")]).await.remove(0).unwrap();
    assert!(late.repeated && late.seq == answers[0].seq);
    let state = world.call(&visitor.by, GetConversation { id: c.id }).await.unwrap();
    assert_eq!(state.status.as_str(), "resolved", "a repeat reopens nothing");
    // The same id of another sender, or in another conversation, is another message.
    let second = world.begin(&visitor, MAT()).await;
    let elsewhere = world.append(vec![message(&visitor, &second.id, &id, "other text")]).await.remove(0);
    assert!(!elsewhere.unwrap().repeated);
}

async fn a_pipelined_list_keeps_its_order(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    let items: Vec<Append> =
        (0..BATCH_ROWS).map(|n| message(&visitor, &c.id, &key(), &format!("word {n}"))).collect();
    let answers = world.append(items).await;
    let seqs: Vec<i64> = answers.into_iter().map(|answer| answer.unwrap().seq).collect();
    let expected: Vec<i64> = (2..).take(BATCH_ROWS).collect();
    assert_eq!(seqs, expected);
    let page = GetEntries { id: c.id, after: Some(1), before: None, limit: Some(3) };
    let page = world.call(&visitor.by, page).await.unwrap();
    let texts: Vec<&str> = page.items.iter().map(|line| line.get()).collect();
    assert!(texts[0].contains("word 0\"") && texts[2].contains("word 2\""));
    assert_eq!(page.next.as_deref(), Some("4"));
}

async fn one_bad_item_does_not_hurt_the_others(world: World) {
    let (visitor, other) = (world.visitor().await, world.visitor().await);
    let (own, foreign) = (world.begin(&visitor, MAT()).await, world.begin(&other, MAT()).await);
    let used = key();
    world.append(vec![message(&visitor, &own.id, &used, "first")]).await.remove(0).unwrap();
    let dead = Person {
        by: switchboard_wire::Credential::Visitor(String::from("dead").into()),
        ..world.visitor().await
    };
    let answers = world
        .append(vec![
            message(&visitor, &own.id, &key(), "one"),
            message(&visitor, &foreign.id, &key(), "not mine"),
            message(&dead, &own.id, &key(), "nobody"),
            message(&visitor, &own.id, &used, "another body"),
            message(&visitor, &own.id, "short", "bad id"),
            message(&visitor, &own.id, &key(), " \n"),
            message(&visitor, &own.id, &key(), "two"),
        ])
        .await;
    let problems: Vec<_> = answers.iter().map(|a| a.as_ref().err().map(|failure| failure.problem)).collect();
    assert_eq!(
        problems,
        [
            None,
            Some(Problem::NotFound),
            Some(Problem::Unauthenticated),
            Some(Problem::Conflict),
            Some(Problem::Invalid),
            Some(Problem::Invalid),
            None
        ]
    );
    assert_eq!(answers[6].as_ref().unwrap().seq, answers[0].as_ref().unwrap().seq + 1);
}

async fn many_at_once_are_numbered_without_gaps(world: World) {
    const CONVERSATIONS: usize = 12;
    const EACH: usize = 25;
    let world = Arc::new(world);
    let mut senders = Vec::new();
    for n in 0..CONVERSATIONS {
        let visitor = Arc::new(world.visitor().await);
        let c = world.begin(&visitor, MAT()).await;
        // Two senders to every conversation, so that batches mix and repeat.
        for half in 0..2 {
            let (world, visitor, id) = (world.clone(), visitor.clone(), c.id.clone());
            senders.push(tokio::spawn(async move {
                let mut seqs = Vec::new();
                for k in 0..EACH {
                    let client = format!("{n:04}-{half}-{k:04}-aaaaaa");
                    let say = || vec![message(&visitor, &id, &client, "word")];
                    let (first, second) = tokio::join!(world.append(say()), world.append(say()));
                    let first = first.into_iter().next().unwrap().unwrap();
                    let second = second.into_iter().next().unwrap().unwrap();
                    assert_eq!(first.seq, second.seq, "sent twice, stored once");
                    assert!(first.repeated != second.repeated);
                    seqs.push(first.seq);
                }
                assert!(seqs.is_sorted(), "acknowledged before sent means a lower number");
                (id, seqs)
            }));
        }
    }
    let mut seen: HashMap<String, Vec<i64>> = HashMap::new();
    for sender in senders {
        let (id, seqs) = sender.await.unwrap();
        seen.entry(id).or_default().extend(seqs);
    }
    for seqs in seen.values_mut() {
        seqs.sort_unstable();
        let expected: Vec<i64> = (2..).take(2 * EACH).collect();
        assert_eq!(*seqs, expected);
    }
    let gaps = "SELECT COUNT(*) FROM conversations c WHERE c.head <> \
                (SELECT COUNT(*) FROM entries e WHERE e.conversation_id = c.id)";
    assert_eq!(world.count(gaps), 0);
}

async fn notes_are_for_staff(world: World) {
    let (_, agent) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    // Any agent who may see it writes notes.
    let noted = world.append(vec![note(&agent, &c.id, "looks urgent")]).await.remove(0).unwrap();
    let said = world.say(&visitor, &c.id, "hello?").await.unwrap();
    assert_eq!((noted.seq, said.seq), (2, 3));
    let refused = world.append(vec![note(&visitor, &c.id, "psst")]).await.remove(0);
    assert_eq!(problem(refused), Problem::Forbidden);
    let all = GetEntries { id: c.id.clone(), after: None, before: None, limit: None };
    assert_eq!(world.call(&agent.by, all.clone()).await.unwrap().items.len(), 3);
    let seen = world.call(&visitor.by, all).await.unwrap().items;
    assert!(seen.len() == 2 && !seen.iter().any(|line| line.get().contains("urgent")));
    world.append(vec![note(&agent, &c.id, "second")]).await.remove(0).unwrap();
    let state = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await.unwrap();
    assert_eq!((state.head, state.head_id), (3, Some(said.id)), "what it can see");
    assert_eq!(world.call(&agent.by, GetConversation { id: c.id }).await.unwrap().head, 4);
}

async fn only_the_owner_answers(world: World) {
    let (admin, agent) = world.agent("maya").await;
    let other = world.online_agent(&admin, "noah", None).await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    assert_eq!(problem(world.say(&agent, &c.id, "hi").await), Problem::NotOwner);
    let mine = world.call(&agent.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    world.say(&agent, &c.id, "hi").await.unwrap();
    assert_eq!(problem(world.say(&other, &c.id, "me too").await), Problem::NotOwner);
    world.call(&agent.by, Resolve { id: c.id.clone(), fence: Some(mine.fence) }).await.unwrap();
    assert_eq!(problem(world.say(&agent, &c.id, "one more thing").await), Problem::Resolved);
}

async fn writing_to_a_resolved_conversation_reopens_it(world: World) {
    let visitor = world.visitor().await;
    let with_mat = world.begin(&visitor, MAT()).await;
    let with_people = world.begin(&visitor, StartWith::People).await;
    for c in [&with_mat, &with_people] {
        world.call(&visitor.by, Resolve { id: c.id.clone(), fence: None }).await.unwrap();
        world.call(&visitor.by, Resolve { id: c.id.clone(), fence: None }).await.unwrap();
    }
    // Nobody is there, so what is written to people is a message that is left.
    let items = vec![
        message(&visitor, &with_mat.id, &key(), "still there?"),
        message(&visitor, &with_people.id, &key(), "anybody?"),
        message(&visitor, &with_people.id, &key(), "hello?"),
    ];
    assert!(world.append(items).await.iter().all(Result::is_ok));
    for (c, owner, last) in [(&with_mat, "automation", "message"), (&with_people, "queue", "message")] {
        let state = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await.unwrap();
        assert_eq!((state.owner.kind.as_str(), state.status.as_str()), (owner, "open"));
        let all = GetEntries { id: c.id.clone(), after: None, before: None, limit: None };
        let lines = world.call(&visitor.by, all).await.unwrap().items;
        assert_eq!(lines.iter().filter(|line| line.get().contains("\"resolved\"")).count(), 1);
        assert_eq!(lines.iter().filter(|line| line.get().contains("\"reopened\"")).count(), 1);
        assert!(lines.last().unwrap().get().contains(last));
    }
    let left = "SELECT COUNT(*) FROM entries WHERE body LIKE '%left_message%'";
    assert_eq!(world.count(left), 2, "at the start and at the reopening, once each");
}

async fn what_is_not_acceptable_says_why(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, MAT()).await;
    let longest = "🦀".repeat(8_000);
    world.say(&visitor, &c.id, &longest).await.unwrap();
    for bad in [format!("{longest}x"), "a\0b".into(), String::new()] {
        let failure = world.say(&visitor, &c.id, &bad).await.unwrap_err();
        assert!(failure.problem == Problem::Invalid && failure.errors.contains_key("body.text"), "{failure}");
    }
    let many: Vec<Append> = (0..=BATCH_ROWS).map(|_| message(&visitor, &c.id, &key(), "x")).collect();
    assert!(
        world.append(many).await.iter().all(|a| a.as_ref().is_err_and(|f| f.problem == Problem::TooLarge))
    );
}
