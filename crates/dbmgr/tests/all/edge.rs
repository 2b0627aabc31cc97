//! What the edge asks for its sockets: greeting, following, repairing, leases, read positions.

use switchboard_domain::limits::{PAGE_BYTES, SESSION_IDLE_MS};
use switchboard_domain::{Role, TokenHash};
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::conversation::{Claim, ListConversations, View};
use switchboard_wire::call::edge::{
    Follow, Followed, GetLines, GetStates, GetSummaries, Greet, Lease, Leases, MarkRead, Me, Ping,
};
use switchboard_wire::call::session::SignOut;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::view::Audience;
use switchboard_wire::{Credential, Problem};

use crate::on_both;
use crate::people::{Person, key, message, note};
use crate::world::{World, problem};

on_both!(
    a_greeting_shows_what_is_open,
    following_compares_what_the_reader_has,
    pages_of_lines_lose_nothing,
    leases_tell_why_a_session_is_over,
    reading_counts_down_the_unread,
    a_ping_says_whether_commits_are_durable,
);

async fn a_greeting_shows_what_is_open(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let other = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let hello = world.call(&visitor.by, Greet {}).await.unwrap();
    assert!(hello.epoch.len() == 32 && matches!(hello.me, Me::Visitor(me) if me.id == visitor.id));
    assert_eq!(hello.conversations.len(), 2);
    let queued = hello.conversations.iter().find(|state| state.conversation.id == c.id).unwrap();
    assert_eq!(queued.conversation.queue.as_ref().map(|place| place.position), Some(1));
    world.call(&maya.by, Claim { id: other.id.clone(), fence: other.fence }).await.unwrap();
    let hello = world.call(&maya.by, Greet {}).await.unwrap();
    assert!(matches!(hello.me, Me::Agent(me) if me.username == "maya"));
    assert_eq!(hello.conversations.len(), 1);
    let states = world.house(GetStates { ids: vec![c.id.clone(), "none".into(), "no id!".into()] }).await;
    assert_eq!(states.len(), 1);
    assert_eq!(world.house(GetSummaries { ids: vec![c.id, other.id] }).await.len(), 2);
    let many = GetStates { ids: (0..300).map(|n| n.to_string()).collect() };
    assert_eq!(problem(world.call(&Credential::Component, many).await), Problem::TooLarge);
}

async fn follow(world: &World, who: &Person, c: &str, last_seq: i64, last_id: Option<&str>) -> Followed {
    let call = Follow { conversation: c.into(), last_seq, last_id: last_id.map(Into::into) };
    world.call(&who.by, call).await.unwrap()
}

async fn following_compares_what_the_reader_has(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let two = world.say(&visitor, &c.id, "two").await.unwrap();
    let noted = world.append(vec![note(&maya, &c.id, "three")]).await.remove(0).unwrap();
    let four = world.say(&visitor, &c.id, "four").await.unwrap();

    let seqs = |followed: &Followed| followed.lines.iter().map(|line| line.seq).collect::<Vec<_>>();
    let all = follow(&world, &visitor, &c.id, 0, None).await;
    assert_eq!((seqs(&all), all.reset, all.more), (vec![1, 2, 4], None, false));
    assert_eq!((all.state.public_head, all.lines[2].public_before), (4, 2));
    assert_eq!(seqs(&follow(&world, &maya, &c.id, 0, None).await), [1, 2, 3, 4]);
    let rest = follow(&world, &visitor, &c.id, 2, Some(&two.id)).await;
    assert_eq!((seqs(&rest), rest.reset), (vec![4], None));
    let at_head = follow(&world, &visitor, &c.id, 4, Some(&four.id)).await;
    assert!(at_head.lines.is_empty() && at_head.reset.is_none() && !at_head.more);
    // What does not fit is said.
    let reset = async |who: &Person, seq, id: &str| follow(&world, who, &c.id, seq, Some(id)).await.reset;
    assert_eq!(reset(&visitor, 2, &four.id).await.as_deref(), Some("mismatch"));
    assert_eq!(reset(&visitor, 4, &two.id).await.as_deref(), Some("mismatch"));
    assert_eq!(
        reset(&visitor, 3, &noted.id).await.as_deref(),
        Some("mismatch"),
        "it cannot have seen a note"
    );
    assert_eq!(reset(&maya, 3, &noted.id).await, None);
    assert_eq!(reset(&visitor, 9, "whatever").await.as_deref(), Some("ahead"));
    // A note at the end is not ahead of, nor missing to, the visitor.
    world.append(vec![note(&maya, &c.id, "five")]).await.remove(0).unwrap();
    let still = follow(&world, &visitor, &c.id, 4, Some(&four.id)).await;
    assert!(still.lines.is_empty() && still.reset.is_none() && still.state.public_head == 4);
    assert_eq!(reset(&visitor, 5, "note").await.as_deref(), Some("ahead"));
}

async fn pages_of_lines_lose_nothing(world: World) {
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::Automation("mat".into())).await;
    let long = "ä".repeat(7_000);
    for _ in 0..3 {
        let texts = (0..100).map(|n| if n % 4 == 0 { long.as_str() } else { "short" });
        let items = texts.map(|text| message(&visitor, &c.id, &key(), text)).collect();
        assert!(world.append(items).await.iter().all(Result::is_ok));
    }
    let mut page = follow(&world, &visitor, &c.id, 0, None).await;
    let mut seqs: Vec<i64> = Vec::new();
    let mut lines = std::mem::take(&mut page.lines);
    let mut more = page.more;
    loop {
        let bytes: usize = lines.iter().map(|line| line.entry.get().len()).sum();
        assert!(bytes <= PAGE_BYTES && lines.len() <= 200);
        seqs.extend(lines.iter().map(|line| line.seq));
        if !more {
            break;
        }
        let after = *seqs.last().unwrap();
        let call = GetLines { conversation: c.id.clone(), after, audience: Audience::Visitor };
        let next = world.house(call).await;
        (lines, more) = (next.lines, next.more);
    }
    assert_eq!(seqs, (1..=301).collect::<Vec<i64>>());
}

fn token(person: &Person) -> TokenHash {
    match &person.by {
        Credential::Staff(token) => token.clone(),
        other => panic!("{other:?} is not staff"),
    }
}

async fn leases_tell_why_a_session_is_over(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noah = world.online_agent(&admin, "noah", None).await;
    let gone = world.online_agent(&admin, "gone", None).await;
    let idle = world.online_agent(&admin, "idle", None).await;
    let ask = |people: &[&Person]| Leases {
        sessions: people.iter().map(|person| token(person)).chain([TokenHash::of("none")]).collect(),
    };
    let all = [&admin, &maya, &noah, &gone, &idle];
    let leases = world.house(ask(&all)).await;
    assert!(leases[..5].iter().all(|lease| matches!(lease, Lease::Good { .. })));
    assert!(matches!(&leases[1], Lease::Good { account, role: Role::Agent, .. } if *account == maya.id));
    assert_eq!(leases[5], Lease::Revoked);
    world.call(&maya.by, SignOut {}).await.unwrap();
    let deactivate = PatchAccount {
        role: Role::Agent,
        id: noah.id.clone(),
        active: Some(false),
        display_name: None,
        capacity: None,
        teams: None,
        skills: None,
    };
    world.call(&admin.by, deactivate).await.unwrap();
    world.database.sql("DELETE FROM accounts WHERE username = 'gone'").unwrap();
    let leases = world.house(ask(&all)).await;
    assert!(matches!(leases[0], Lease::Good { .. }));
    assert_eq!(leases[1..4], [Lease::SignedOut, Lease::Revoked, Lease::Revoked]);
    world.clock.forward(SESSION_IDLE_MS);
    assert_eq!(world.house(ask(&[&idle])).await[0], Lease::SignedOut, "past its time");
}

async fn reading_counts_down_the_unread(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    for text in ["one", "two", "three"] {
        world.say(&visitor, &c.id, text).await.unwrap();
    }
    let unread = async || {
        let list = ListConversations {
            view: View::All,
            status: None,
            q: None,
            tag: None,
            team: None,
            limit: None,
            cursor: None,
        };
        world.call(&maya.by, list).await.unwrap().items[0].unread
    };
    let read = async |who: &Person, seq| {
        world.call(&who.by, MarkRead { conversation: c.id.clone(), seq }).await.unwrap();
    };
    assert_eq!(unread().await, 3);
    read(&visitor, 4).await;
    assert_eq!(unread().await, 3, "the visitor's own reading is another matter");
    read(&maya, 2).await;
    assert_eq!(unread().await, 2);
    read(&maya, 99).await;
    assert_eq!(unread().await, 0);
    read(&maya, 1).await;
    assert_eq!(unread().await, 0, "reading does not go back");
    world.say(&visitor, &c.id, "four").await.unwrap();
    assert_eq!(unread().await, 1);
}

async fn a_ping_says_whether_commits_are_durable(world: World) {
    let pong = world.house(Ping {}).await;
    assert!(pong.durable && pong.epoch.len() == 32);
}
