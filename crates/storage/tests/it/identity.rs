//! Whom sites know their visitors by, further tokens, and two visitors who turn out to be one.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_visitor, an_entry, both};
use switchboard_domain::ban::Banned;
use switchboard_domain::identity::{BROWSERS, Identity};
use switchboard_domain::{Author, BanId, KeyId, TokenHash};
use switchboard_storage::ban::{self, Ban, NEVER};
use switchboard_storage::details::{self, Details};
use switchboard_storage::entry::Reader;
use switchboard_storage::identity::{self, Key};
use switchboard_storage::mail::{self, Link, OPEN, STOP};
use switchboard_storage::{Error, conversation, entry, erasure, join, visitor};

both!(
    keys_come_and_go,
    users_are_told_apart_byte_by_byte,
    further_tokens_are_as_good_as_the_first,
    of_too_many_browsers_the_oldest_is_forgotten,
    of_far_too_many_browsers_all_that_are_too_old_are_forgotten,
    one_token_alone_is_kept,
    everything_of_one_becomes_the_others,
);

fn user(subject: &str) -> Identity {
    Identity { subject: subject.into(), name: None, email: None }
}

async fn keys_come_and_go(f: Fixture) {
    let key = |n: i64| Key {
        id: KeyId::timed(NOW + n, &Dice),
        name: format!("key {n}"),
        secret: "s".repeat(64),
        by_name: "ada".into(),
        created_at: NOW + n,
    };
    let (old, new) = (key(1), key(2));
    let mut tx = f.store.write().await.unwrap();
    for key in [&old, &new] {
        identity::insert_key(&mut tx, key).await.unwrap();
    }
    assert_eq!(identity::keys(&mut tx).await.unwrap(), [new.clone(), old.clone()]);
    let third = key(3);
    identity::insert_key(&mut tx, &third).await.unwrap();
    assert_eq!(identity::keys(&mut tx).await.unwrap().len(), 3, "what proves anything is shown");
    identity::delete_key(&mut tx, &third.id).await.unwrap();
    assert_eq!(identity::key(&mut tx, &old.id).await.unwrap(), Some(old.clone()));
    identity::delete_key(&mut tx, &old.id).await.unwrap();
    assert_eq!(identity::key(&mut tx, &old.id).await.unwrap(), None);
    assert_eq!(identity::lock_keys(&mut tx).await.unwrap(), std::slice::from_ref(&new));
    assert!(!format!("{new:?}").contains("sss"), "a secret is not written into logs");
}

async fn users_are_told_apart_byte_by_byte(f: Fixture) {
    let (one, other) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let mut tx = f.store.write().await.unwrap();
    identity::bind(&mut tx, &user("Ada"), &one.id, NOW).await.unwrap();
    for different in ["ada", "Ada ", "Àda", ""] {
        assert_eq!(identity::visitor_of(&mut tx, &user(different)).await.unwrap(), None, "{different:?}");
    }
    identity::bind(&mut tx, &user("Ada "), &other.id, NOW).await.unwrap();
    assert_eq!(identity::visitor_of(&mut tx, &user("Ada")).await.unwrap(), Some(one.id.clone()));
    let twice = identity::bind(&mut tx, &user("Ada"), &other.id, NOW).await;
    assert!(matches!(twice, Err(Error::Conflict(_))), "{twice:?}");
    assert!(identity::is_known(&mut tx, &one.id).await.unwrap());
    erasure::visitor(&mut tx, &one.id).await.unwrap();
    assert!(!identity::is_known(&mut tx, &one.id).await.unwrap(), "erased");
}

async fn further_tokens_are_as_good_as_the_first(f: Fixture) {
    let (one, other) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let (second, third) = (TokenHash::of("second"), TokenHash::of("third"));
    let mut tx = f.store.write().await.unwrap();
    identity::add_token(&mut tx, &one.id, &second, NOW).await.unwrap();
    identity::add_token(&mut tx, &one.id, &third, NOW).await.unwrap();
    let tokens =
        [second.clone(), other.token.clone(), TokenHash::of("none"), third.clone(), one.token.clone()];
    for found in [
        visitor::lock_many(&mut tx, &tokens).await.unwrap(),
        visitor::try_lock_many(&mut tx, &tokens).await.unwrap(),
        visitor::by_tokens(&mut tx, &tokens).await.unwrap(),
    ] {
        assert_eq!(found.len(), 4, "one for each token that is somebody's");
        for row in &found {
            let whose = if row.token == other.token { &other.id } else { &one.id };
            assert_eq!(&row.id, whose);
        }
        assert!(found.is_sorted_by(|a, b| a.id <= b.id), "in the order of ids");
    }
    let ban = Ban {
        id: BanId::timed(NOW, &Dice),
        banned: Banned::Visitor(one.id.clone()),
        reason: String::new(),
        ends_at: NEVER,
        by_id: None,
        by_name: "ada".into(),
        created_at: NOW,
    };
    ban::insert(&mut tx, &ban).await.unwrap();
    ban::meet(&mut tx, ban.id.as_str(), NEVER, std::slice::from_ref(&one.id), NOW).await.unwrap();
    let banned = visitor::lock(&mut tx, &second).await.unwrap().unwrap();
    assert_eq!(banned.banned_until, Some(NEVER), "whichever token it comes with");
    erasure::visitor(&mut tx, &one.id).await.unwrap();
    assert_eq!(visitor::lock(&mut tx, &second).await.unwrap(), None);
}

async fn of_too_many_browsers_the_oldest_is_forgotten(f: Fixture) {
    let one = add_visitor(&f.store).await;
    let mut tx = f.store.write().await.unwrap();
    for n in 0..=BROWSERS {
        identity::add_token(&mut tx, &one.id, &TokenHash::of(&n.to_string()), NOW + n).await.unwrap();
    }
    let oldest = visitor::lock(&mut tx, &TokenHash::of("0")).await.unwrap();
    let next = visitor::lock(&mut tx, &TokenHash::of("1")).await.unwrap();
    assert_eq!((oldest, next.map(|row| row.id)), (None, Some(one.id.clone())));
    assert!(visitor::lock(&mut tx, &one.token).await.unwrap().is_some(), "the first stays");
}

async fn of_far_too_many_browsers_all_that_are_too_old_are_forgotten(f: Fixture) {
    let one = add_visitor(&f.store).await;
    let token = |n: i64| TokenHash::of(&n.to_string());
    for n in 0..BROWSERS + 5 {
        f.sql(&format!(
            "INSERT INTO visitor_tokens (token_hash, visitor_id, created_at) VALUES ('{}', '{}', {})",
            token(n).as_str(),
            one.id,
            NOW + n
        ));
    }
    let mut tx = f.store.write().await.unwrap();
    // With a clock behind those of the others it is the newest all the same.
    identity::add_token(&mut tx, &one.id, &TokenHash::of("late"), NOW - 1).await.unwrap();
    assert!(visitor::lock(&mut tx, &TokenHash::of("late")).await.unwrap().is_some());
    for n in 0..BROWSERS + 5 {
        let found = visitor::lock(&mut tx, &token(n)).await.unwrap();
        assert_eq!(found.is_some(), n >= 6, "{n}: nineteen beside the one that came");
    }
}

async fn one_token_alone_is_kept(f: Fixture) {
    let (one, other) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let (second, third) = (TokenHash::of("second"), TokenHash::of("third"));
    let mut tx = f.store.write().await.unwrap();
    assert!(!identity::keep_token(&mut tx, &one.id, &one.token).await.unwrap(), "there was no other");
    for token in [&second, &third] {
        identity::add_token(&mut tx, &one.id, token, NOW).await.unwrap();
    }
    assert!(identity::keep_token(&mut tx, &one.id, &second).await.unwrap());
    for (token, whose) in
        [(&one.token, None), (&second, Some(&one.id)), (&third, None), (&other.token, Some(&other.id))]
    {
        let found = visitor::lock(&mut tx, token).await.unwrap();
        assert_eq!(found.as_ref().map(|row| &row.id), whose);
    }
    identity::add_token(&mut tx, &one.id, &third, NOW).await.unwrap();
    assert!(identity::keep_token(&mut tx, &one.id, &second).await.unwrap());
    assert!(visitor::lock(&mut tx, &second).await.unwrap().is_some());
    assert_eq!(visitor::lock(&mut tx, &third).await.unwrap(), None);
}

async fn everything_of_one_becomes_the_others(f: Fixture) {
    let (from, into) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let of = |visitor: &visitor::Visitor| {
        let mut c = a_conversation();
        c.visitor = visitor.id.clone();
        c
    };
    let (mut first, second, mut own) = (of(&from), of(&from), of(&into));
    first.start_key = Some(String::from("the-same-start-key").try_into().unwrap());
    own.start_key = first.start_key.clone();
    add(&f.store, &[first.clone(), second.clone(), own.clone()]).await;
    let mut tx = f.store.write().await.unwrap();
    let mut said = an_entry(&first.id, 1);
    said.author = Author::visitor(from.id.as_str(), "Noor");
    let mut answered = an_entry(&first.id, 2);
    answered.author = Author::system();
    entry::insert(&mut tx, &[said, answered]).await.unwrap();
    let told = |pairs: &[(&str, &str)]| Details {
        attributes: pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        ..Details::default()
    };
    details::put(&mut tx, &from.id, &told(&[("plan", "free"), ("order", "7")])).await.unwrap();
    details::put(&mut tx, &into.id, &told(&[("plan", "paid")])).await.unwrap();
    let (asking, elsewhere) = (TokenHash::of("asking"), TokenHash::of("elsewhere"));
    for token in [&asking, &elsewhere] {
        identity::add_token(&mut tx, &from.id, token, NOW).await.unwrap();
    }
    let link = |purpose: &str, of: &visitor::Visitor| Link {
        secret: TokenHash::of(&format!("{purpose} {}", of.id)),
        purpose: purpose.into(),
        conversation: first.id.clone(),
        visitor: of.id.clone(),
        expires_at: NOW + 10,
    };
    for of in [&from, &into] {
        for purpose in [OPEN, STOP] {
            mail::insert_link(&mut tx, &link(purpose, of)).await.unwrap();
        }
    }

    let ids = [from.id.clone(), into.id.clone()];
    assert_eq!(visitor::lock_ids(&mut tx, &ids).await.unwrap().len(), 2);
    let moved = [first.id.clone(), second.id.clone()];
    conversation::lock_many(&mut tx, &moved).await.unwrap();
    join::visitors(&mut tx, &moved, &from.id, &into.id, &asking, NOW + 1).await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = f.store.read().await.unwrap();
    assert_eq!(conversation::count_of_visitor(&mut tx, &into.id).await.unwrap(), 3);
    assert_eq!(visitor::get(&mut tx, &from.id).await.unwrap(), None);
    for token in [&asking, &into.token] {
        let found = visitor::by_token(&mut tx, token).await.unwrap().unwrap();
        assert_eq!((&found.id, &found.token), (&into.id, token));
    }
    for token in [&from.token, &elsewhere] {
        assert_eq!(
            visitor::by_token(&mut tx, token).await.unwrap(),
            None,
            "nobody has proven anything there"
        );
    }
    for (purpose, of, whose) in
        [(OPEN, &from, None), (STOP, &from, Some(&into.id)), (OPEN, &into, Some(&into.id))]
    {
        let secret = link(purpose, of).secret;
        let found = mail::link(&mut tx, &secret, purpose, NOW).await.unwrap();
        assert_eq!(found.as_ref().map(|link| &link.visitor), whose, "{purpose} of {}", of.id);
    }
    let log = entry::after(&mut tx, &first.id, 0, Reader::Staff, 10).await.unwrap();
    assert_eq!(log[0].author.id.as_deref(), Some(into.id.as_str()));
    assert_eq!(log[1].author, Author::system());
    let known = details::get(&mut tx, &into.id).await.unwrap();
    assert_eq!(known.attributes, told(&[("plan", "paid"), ("order", "7")]).attributes);
}
