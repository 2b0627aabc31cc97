//! Bans, what is known of visitors, and erasing it.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_visitor, both};
use switchboard_domain::ban::Banned;
use switchboard_domain::message::ERASED;
use switchboard_domain::{
    Author, BanId, ConversationId, Entry, EntryId, EntryKind, Owner, Status, TokenHash, VisitorId,
};
use switchboard_storage::ban::{self, Ban, NEVER};
use switchboard_storage::details::{self, Details};
use switchboard_storage::entry::Reader;
use switchboard_storage::sweep::{self, Times};
use switchboard_storage::{Error, Unique, conversation, entry, erasure, visitor};

both!(
    a_ban_is_seen_by_whoever_loads_the_visitor,
    there_is_one_ban_of_each_and_it_ends,
    visitors_are_found_by_what_they_told,
    what_is_erased_leaves_the_numbers,
    what_is_past_comes_in_order_and_once,
);

fn a_ban(banned: Banned, ends_at: i64) -> Ban {
    Ban {
        id: BanId::timed(NOW, &Dice),
        banned,
        reason: "rude 🦀".into(),
        ends_at,
        by_id: Some("a1".parse().unwrap()),
        by_name: "ada".into(),
        created_at: NOW,
    }
}

async fn a_ban_is_seen_by_whoever_loads_the_visitor(f: Fixture) {
    let (one, other) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let mut tx = f.store.write().await.unwrap();
    let ids = [one.id.clone(), VisitorId::random(&Dice)];
    assert_eq!(visitor::lock_ids(&mut tx, &ids).await.unwrap(), std::slice::from_ref(&one.id));
    let (short, long) = (
        a_ban(Banned::Visitor(one.id.clone()), NOW + 10),
        a_ban(Banned::Email("n@example.org".into()), NOW + 20),
    );
    for ban in [&short, &long] {
        ban::insert(&mut tx, ban).await.unwrap();
        ban::meet(&mut tx, ban.id.as_str(), ban.ends_at, std::slice::from_ref(&one.id), NOW).await.unwrap();
    }
    let tokens = [one.token.clone(), other.token.clone()];
    for found in [
        visitor::lock_many(&mut tx, &tokens).await.unwrap(),
        visitor::try_lock_many(&mut tx, &tokens).await.unwrap(),
        visitor::by_tokens(&mut tx, &tokens).await.unwrap(),
    ] {
        assert_eq!(found.len(), 2, "each once");
        let until = |id| found.iter().find(|row| row.id == id).unwrap().banned_until;
        assert_eq!((until(one.id.clone()), until(other.id.clone())), (Some(NOW + 20), None));
    }
    let row = visitor::get(&mut tx, &one.id).await.unwrap().unwrap();
    assert_eq!((row.banned(NOW + 19), row.banned(NOW + 20)), (Some(NOW + 20), None));
    assert!(ban::delete(&mut tx, &long.id).await.unwrap() && !ban::delete(&mut tx, &long.id).await.unwrap());
    let row = visitor::get(&mut tx, &one.id).await.unwrap().unwrap();
    assert_eq!(row.banned_until, Some(NOW + 10), "the other one still counts");
    tx.commit().await.unwrap();
}

async fn there_is_one_ban_of_each_and_it_ends(f: Fixture) {
    let person = add_visitor(&f.store).await;
    let mut tx = f.store.write().await.unwrap();
    let mut address = a_ban(Banned::Address("2001:db8::/64".into()), NOW + 10);
    let email = a_ban(Banned::Email("ñ@example.org".into()), NEVER);
    for ban in [&address, &email] {
        ban::insert(&mut tx, ban).await.unwrap();
    }
    ban::meet(&mut tx, address.id.as_str(), NOW + 10, std::slice::from_ref(&person.id), NOW).await.unwrap();
    assert_eq!(ban::get(&mut tx, &address.id).await.unwrap().as_ref(), Some(&address));
    assert_eq!(ban::of(&mut tx, &email.banned).await.unwrap().as_ref(), Some(&email));
    assert_eq!(ban::list(&mut tx, NOW, None, 1).await.unwrap().len(), 1);
    let newest = ban::list(&mut tx, NOW, None, 9).await.unwrap();
    let rest = ban::list(&mut tx, NOW, Some(&newest[0].id), 9).await.unwrap();
    assert_eq!((newest.len(), &rest), (2, &newest[1..].to_vec()));
    let meeting =
        async |tx: &mut _, email, address, now| ban::meeting(tx, email, address, now).await.unwrap().len();
    assert_eq!(meeting(&mut tx, Some("ñ@example.org"), Some("2001:db8::/64"), NOW).await, 2);
    assert_eq!(meeting(&mut tx, Some("n@example.org"), None, NOW).await, 0, "not the same letter");
    assert_eq!(meeting(&mut tx, None, Some("2001:db8::/64"), NOW + 10).await, 0, "over");
    address.ends_at = NOW + 30;
    ban::change(&mut tx, &address, NOW + 5).await.unwrap();
    assert_eq!(ban::met_since(&mut tx, NOW + 5, NOW, 9).await.unwrap(), std::slice::from_ref(&person.id));
    assert_eq!(ban::met_since(&mut tx, NOW + 6, NOW, 9).await.unwrap(), []);
    assert_eq!(ban::met_since(&mut tx, NOW, NOW + 30, 9).await.unwrap(), []);
    let over = async |tx: &mut _, now| {
        sweep::look(tx, Times { now, idle_before: NOW, keep: 0 }).await.unwrap().litter.bans
    };
    assert!(!over(&mut tx, NOW + 29).await);
    assert!(over(&mut tx, NOW + 30).await);
    ban::sweep(&mut tx, NOW + 30, 9).await.unwrap();
    assert!(!over(&mut tx, NOW + 30).await);
    assert_eq!(ban::list(&mut tx, NOW, None, 9).await.unwrap(), std::slice::from_ref(&email));
    // Of no ban at all.
    ban::meet(&mut tx, ban::ERASED, NOW + 40, std::slice::from_ref(&person.id), NOW).await.unwrap();
    ban::sweep(&mut tx, NOW + 40, 9).await.unwrap();
    assert_eq!(visitor::get(&mut tx, &person.id).await.unwrap().unwrap().banned_until, None);
    let twin = Ban { id: BanId::timed(NOW + 1, &Dice), ..email };
    let taken = ban::insert(&mut tx, &twin).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::Banned))), "{taken:?}");
}

async fn visitors_are_found_by_what_they_told(f: Fixture) {
    let (one, two) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    // Known from a conversation only, as before there were details.
    let mut c = a_conversation();
    c.visitor = two.id.clone();
    c.visitor_email = Some("Ada@Example.org".into());
    add(&f.store, &[c]).await;
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(details::get(&mut tx, &one.id).await.unwrap(), Details::default());
    let mut told = Details {
        email_key: Some("ada@example.org".into()),
        address: Some("192.0.2.7".into()),
        attributes: [("plan".to_owned(), "naïve 🦀".to_owned())].into(),
    };
    for _ in 0..2 {
        details::put(&mut tx, &one.id, &told).await.unwrap();
        assert_eq!(details::get(&mut tx, &one.id).await.unwrap(), told);
        told.attributes.clear();
    }
    let both = [one.id.clone(), two.id.clone()];
    assert_eq!(details::of_email(&mut tx, "ada@example.org", 9).await.unwrap(), both);
    assert_eq!(details::search(&mut tx, " ADA@", 9).await.unwrap(), both);
    assert_eq!(details::search(&mut tx, "ADA@", 1).await.unwrap(), both[..1]);
    assert_eq!(details::search(&mut tx, "%", 9).await.unwrap(), []);
    assert_eq!(details::of_address(&mut tx, "192.0.2.7", 9).await.unwrap(), both[..1]);
    details::delete(&mut tx, &one.id).await.unwrap();
    assert_eq!(details::of_email(&mut tx, "ada@example.org", 9).await.unwrap(), both[1..]);
    assert_eq!(conversation::count_of_visitor(&mut tx, &two.id).await.unwrap(), 1);
    let ids = conversation::ids_of_visitor(&mut tx, &two.id, None, 9).await.unwrap();
    assert_eq!(conversation::ids_of_visitor(&mut tx, &two.id, Some(&ids[0]), 9).await.unwrap(), ids);
}

fn an_entry(conversation: &ConversationId, seq: i64, kind: EntryKind, author: Author, body: &str) -> Entry {
    Entry {
        conversation: conversation.clone(),
        seq,
        id: EntryId::timed(NOW, &Dice),
        at: NOW,
        kind,
        public: kind != EntryKind::Note,
        public_before: seq - 1,
        author,
        body: body.into(),
        client: None,
    }
}

async fn what_is_erased_leaves_the_numbers(f: Fixture) {
    let person = add_visitor(&f.store).await;
    let mut c = a_conversation();
    c.visitor = person.id.clone();
    c.preview = "my number is 5".into();
    c.visitor_email = Some("n@example.org".into());
    c.rating_comment = Some("call me".into());
    add(&f.store, std::slice::from_ref(&c)).await;
    let (noor, maya) = (Author::visitor(person.id.as_str(), "Noor"), Author::agent("a1", "Maya"));
    let handed = r#"{"event":"handed_off","reason":"Noor is cross"}"#;
    let entries = [
        an_entry(&c.id, 1, EntryKind::Event, noor.clone(), r#"{"event":"started"}"#),
        an_entry(&c.id, 2, EntryKind::Message, noor.clone(), r#"{"text":"my number is 5"}"#),
        an_entry(&c.id, 3, EntryKind::Event, Author::system(), handed),
        an_entry(&c.id, 4, EntryKind::Note, maya.clone(), r#"{"text":"Noor called"}"#),
        an_entry(&c.id, 5, EntryKind::Message, maya, r#"{"text":"Hello Noor","choices":[]}"#),
    ];
    let mut tx = f.store.write().await.unwrap();
    entry::insert(&mut tx, &entries).await.unwrap();
    let mut pieces = 0;
    while erasure::entries(&mut tx, &c.id, 2).await.unwrap() > 0 {
        pieces += 1;
    }
    assert_eq!(pieces, 3, "in bounded pieces, and then there is nothing left");
    erasure::conversation(&mut tx, &c.id).await.unwrap();
    erasure::visitor(&mut tx, &person.id).await.unwrap();
    let dead = TokenHash::of("nobody knows");
    erasure::token(&mut tx, &person.id, &dead).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    let stored = entry::after(&mut tx, &c.id, 0, Reader::Staff, 9).await.unwrap();
    let gone = format!(r#"{{"text":"{ERASED}"}}"#);
    let bodies: Vec<&str> = stored.iter().map(|entry| entry.body.as_str()).collect();
    assert_eq!(bodies, [r#"{"event":"started"}"#, &gone, r#"{"event":"handed_off"}"#, &gone, &gone]);
    let names: Vec<&str> = stored.iter().map(|entry| entry.author.name.as_str()).collect();
    assert_eq!(names, ["Visitor", "Visitor", "Switchboard", "Maya", "Maya"]);
    for (before, after) in entries.iter().zip(&stored) {
        assert_eq!((before.seq, &before.id, before.at), (after.seq, &after.id, after.at));
    }
    let after = conversation::get(&mut tx, &c.id).await.unwrap().unwrap();
    assert_eq!((after.visitor_name.as_str(), after.visitor_email, after.rating_comment), ("", None, None));
    assert_eq!((after.preview.as_str(), after.updated_at, after.head), (ERASED, c.updated_at, c.head));
    let row = visitor::get(&mut tx, &person.id).await.unwrap().unwrap();
    assert_eq!((row.name, row.email, row.locale, row.token), (None, None, None, dead));
    assert_eq!(visitor::by_token(&mut tx, &person.token).await.unwrap(), None);
}

async fn what_is_past_comes_in_order_and_once(f: Fixture) {
    let person = add_visitor(&f.store).await;
    let ended = |at: i64| {
        let mut c = a_conversation();
        (c.status, c.owner, c.updated_at, c.visitor) = (Status::Resolved, Owner::None, at, person.id.clone());
        c
    };
    let mut all = vec![ended(NOW + 1), ended(NOW + 1), ended(NOW), ended(NOW + 9)];
    let mut open = a_conversation();
    (open.owner, open.updated_at) = (Owner::Queue, NOW);
    add(&f.store, &all).await;
    add(&f.store, &[open]).await;
    all.sort_by(|a, b| (a.updated_at, &a.id).cmp(&(b.updated_at, &b.id)));
    let mut tx = f.store.read().await.unwrap();
    let (mut mark, mut seen) = (None, Vec::new());
    loop {
        let due = erasure::due(&mut tx, NOW + 9, mark.clone(), 2).await.unwrap();
        let Some(last) = due.last() else { break };
        mark = Some((last.updated_at, last.id.clone()));
        assert!(due.iter().all(|due| due.visitor == person.id));
        seen.extend(due.into_iter().map(|due| due.id));
    }
    assert_eq!(seen, all[..3].iter().map(|c| c.id.clone()).collect::<Vec<_>>());
    assert!(!erasure::is_past(&mut tx, &person.id, NOW + 9).await.unwrap(), "one is younger");
    assert!(erasure::is_past(&mut tx, &person.id, NOW + 10).await.unwrap());
    assert!(!erasure::is_past(&mut tx, &person.id, NOW).await.unwrap(), "it was seen since");
}
