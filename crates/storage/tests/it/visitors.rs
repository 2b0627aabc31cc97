//! End users.

use crate::fixture::{Fixture, NOW, a_conversation, add, add_visitor, both};
use switchboard_domain::TokenHash;
use switchboard_storage::{Error, Unique, conversation, visitor};

both!(visitors_round_trip, a_new_name_reaches_the_conversations);

async fn visitors_round_trip(f: Fixture) {
    let (mut one, two) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(visitor::lock(&mut tx, &one.token).await.unwrap(), Some(one.clone()));
    let mut both = visitor::lock_many(&mut tx, &[two.token.clone(), TokenHash::of("x"), one.token.clone()])
        .await
        .unwrap();
    both.sort_by(|a, b| a.id.cmp(&b.id));
    let mut expected = vec![one.clone(), two.clone()];
    expected.sort_by(|a, b| a.id.cmp(&b.id));
    assert_eq!(both, expected);
    one.name = Some("名前 \u{202e}🦀".into());
    one.email = Some("n@example.org".into());
    one.verified = true;
    assert!(visitor::update(&mut tx, &one).await.unwrap());
    visitor::touch(&mut tx, std::slice::from_ref(&one.id), NOW + 7).await.unwrap();
    one.last_seen_at = NOW + 7;
    assert_eq!(visitor::get(&mut tx, &one.id).await.unwrap(), Some(one.clone()));
    let twin = visitor::Visitor { token: one.token.clone(), ..two };
    let twin = visitor::Visitor { id: "another".parse().unwrap(), ..twin };
    let taken = visitor::insert(&mut tx, &twin).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::VisitorToken))), "{taken:?}");
}

async fn a_new_name_reaches_the_conversations(f: Fixture) {
    let person = add_visitor(&f.store).await;
    let mut c = a_conversation();
    c.visitor = person.id.clone();
    add(&f.store, std::slice::from_ref(&c)).await;
    let mut tx = f.store.write().await.unwrap();
    conversation::rename_visitor(&mut tx, &person.id, "İpek", Some("I@Example.org")).await.unwrap();
    let stored = conversation::get(&mut tx, &c.id).await.unwrap().unwrap();
    assert_eq!(
        (stored.visitor_name.as_str(), stored.visitor_email.as_deref()),
        ("İpek", Some("I@Example.org"))
    );
    assert_eq!(conversation::open_of_visitor(&mut tx, &person.id).await.unwrap(), 1);
    let list = conversation::of_visitor(&mut tx, &person.id, None, 10).await.unwrap();
    assert_eq!(list.len(), 1);
    tx.commit().await.unwrap();
}
