//! Many visitors who come back at once are greeted together, each as if it had come alone.

use switchboard_domain::TokenHash;
use switchboard_wire::call::edge::{Arrival, Follow, Greet, GreetMany, Missed, Welcomed};
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::view::FollowState;
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::{Person, key, message, note};
use crate::world::{World, problem};

on_both!(
    many_are_greeted_as_each_would_be_alone,
    what_does_not_fit_is_said,
    long_absences_are_given_in_parts,
    too_many_and_strangers_are_refused,
);

fn token(person: &Person) -> TokenHash {
    match &person.by {
        Credential::Visitor(token) => token.clone(),
        other => panic!("{other:?} is no visitor"),
    }
}

fn place(conversation: &str, epoch: &str, last_seq: i64, last_id: &str) -> FollowState {
    let (conversation, epoch, last_id) = (conversation.into(), Some(epoch.into()), Some(last_id.into()));
    FollowState { conversation, epoch, last_seq, last_id }
}

async fn greet(world: &World, visitors: Vec<Arrival>) -> Vec<Result<Welcomed, Failure>> {
    world.house(GreetMany { visitors }).await
}

/// What one visitor at one place is given.
async fn missed(world: &World, who: &Person, at: FollowState) -> Option<Missed> {
    let mut answers = greet(world, vec![Arrival { token: token(who), resume: vec![at] }]).await;
    answers.remove(0).unwrap().missed.pop()
}

fn seqs(missed: &Missed) -> Vec<i64> {
    missed.lines.iter().map(|line| line.seq).collect()
}

async fn many_are_greeted_as_each_would_be_alone(world: World) {
    let (_, maya) = world.agent("maya").await;
    let mut arrivals = Vec::new();
    let mut people = Vec::new();
    for n in 0..5 {
        let visitor = world.visitor().await;
        let queued = world.begin(&visitor, StartWith::People).await;
        let other = world.begin(&visitor, StartWith::Automation("mat".into())).await;
        let first = world.say(&visitor, &queued.id, "first").await.unwrap();
        world.append(vec![note(&maya, &queued.id, "not for visitors")]).await.remove(0).unwrap();
        for text in 0..n {
            world.say(&visitor, &queued.id, &format!("text {text}")).await.unwrap();
        }
        let epoch = world.call(&visitor.by, Greet {}).await.unwrap().epoch;
        let resume = vec![place(&queued.id, &epoch, first.seq, &first.id), place(&other.id, &epoch, 0, "")];
        arrivals.push(Arrival { token: token(&visitor), resume });
        people.push((visitor, queued.id, first));
    }
    let answers = greet(&world, arrivals).await;
    assert_eq!(answers.len(), people.len());
    for (answer, (visitor, queued, first)) in answers.into_iter().zip(&people) {
        let Welcomed { greeting, missed } = answer.unwrap();
        let alone = world.call(&visitor.by, Greet {}).await.unwrap();
        let json = |greeting| serde_json::to_value(greeting).unwrap();
        assert_eq!(json(&greeting), json(&alone));
        let (seq, id) = (first.seq, Some(first.id.clone()));
        let call = Follow { conversation: queued.clone(), last_seq: seq, last_id: id };
        let followed = world.call(&visitor.by, call).await.unwrap();
        let given = missed.iter().find(|missed| missed.conversation == *queued).unwrap();
        assert_eq!(seqs(given), followed.lines.iter().map(|line| line.seq).collect::<Vec<_>>());
        assert_eq!((given.upto, &given.reset), (followed.state.conversation.head, &None));
        assert_eq!(missed.len(), 2);
        assert_eq!(missed.iter().map(|missed| missed.lines.len()).sum::<usize>(), given.lines.len() + 1);
    }
}

async fn what_does_not_fit_is_said(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let two = world.say(&visitor, &c.id, "two").await.unwrap();
    let noted = world.append(vec![note(&maya, &c.id, "three")]).await.remove(0).unwrap();
    let four = world.say(&visitor, &c.id, "four").await.unwrap();
    let epoch = world.call(&visitor.by, Greet {}).await.unwrap().epoch;
    let reset = async |epoch: &str, seq, id: &str| {
        missed(&world, &visitor, place(&c.id, epoch, seq, id)).await.unwrap().reset
    };
    assert_eq!(reset("another", 2, &two.id).await.as_deref(), Some("epoch"));
    assert_eq!(reset(&epoch, 2, &four.id).await.as_deref(), Some("mismatch"));
    assert_eq!(reset(&epoch, 4, &two.id).await.as_deref(), Some("mismatch"));
    assert_eq!(reset(&epoch, 3, &noted.id).await.as_deref(), Some("mismatch"), "it cannot have seen a note");
    assert_eq!(reset(&epoch, 9, "whatever").await.as_deref(), Some("ahead"));
    assert_eq!(reset(&epoch, -1, "whatever").await.as_deref(), Some("mismatch"));
    assert_eq!(reset(&epoch, 4, &four.id).await, None);
    let rest = missed(&world, &visitor, place(&c.id, &epoch, 2, &two.id)).await.unwrap();
    assert_eq!((seqs(&rest), rest.upto), (vec![4], 4));
    // A note at the end is neither shown nor missing.
    world.append(vec![note(&maya, &c.id, "five")]).await.remove(0).unwrap();
    let still = missed(&world, &visitor, place(&c.id, &epoch, 4, &four.id)).await.unwrap();
    assert_eq!((seqs(&still), still.reset, still.upto), (vec![], None, 5));
    // What is somebody else's is not spoken of.
    let other = world.visitor().await;
    assert!(missed(&world, &other, place(&c.id, &epoch, 2, &two.id)).await.is_none());
}

async fn long_absences_are_given_in_parts(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let first = world.say(&visitor, &c.id, "first").await.unwrap();
    let items = (0..120).map(|n| message(&visitor, &c.id, &key(), &format!("text {n}"))).collect();
    assert!(world.append(items).await.iter().all(Result::is_ok));
    let epoch = world.call(&visitor.by, Greet {}).await.unwrap().epoch;
    let (mut seq, mut id, mut seen) = (first.seq, first.id, Vec::new());
    for _ in 0..10 {
        let part = missed(&world, &visitor, place(&c.id, &epoch, seq, &id)).await.unwrap();
        assert!(part.reset.is_none());
        seen.extend(seqs(&part));
        let Some(last) = part.lines.last() else { break };
        assert_eq!(part.upto, last.seq);
        (seq, id) = (last.seq, last.id.clone());
    }
    assert_eq!(seen, (first.seq + 1..=first.seq + 120).collect::<Vec<_>>());
    // Very long texts end a part early, and nothing is passed over.
    let long = "ä".repeat(7_000);
    let items = (0..40).map(|_| message(&visitor, &c.id, &key(), &long)).collect();
    assert!(world.append(items).await.iter().all(Result::is_ok));
    let part = missed(&world, &visitor, place(&c.id, &epoch, seq, &id)).await.unwrap();
    assert!(!part.lines.is_empty() && part.lines.len() < 40, "{}", part.lines.len());
    assert_eq!(part.upto, part.lines.last().unwrap().seq);
    assert_eq!(seqs(&part), (seq + 1..=part.upto).collect::<Vec<_>>());
}

async fn too_many_and_strangers_are_refused(world: World) {
    let visitor = world.visitor().await;
    let stranger = Arrival { token: TokenHash::of("nobody's"), resume: vec![] };
    let known = Arrival { token: token(&visitor), resume: vec![] };
    let mut answers = greet(&world, vec![stranger.clone(), known]).await;
    assert!(answers.pop().unwrap().is_ok());
    assert_eq!(problem(answers.pop().unwrap()), Problem::Unauthenticated);
    let many = GreetMany { visitors: vec![stranger; 65] };
    assert_eq!(problem(world.call(&Credential::Component, many).await), Problem::TooLarge);
    let by_itself = GreetMany { visitors: vec![] };
    assert_eq!(problem(world.call(&visitor.by, by_itself).await), Problem::Forbidden);
}
