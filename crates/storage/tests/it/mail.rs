//! E-mails on their way, links, and conversations about which nobody wants any.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_visitor, an_entry, both};
use switchboard_domain::{Author, Conversation, ConversationId, MailId, TokenHash};
use switchboard_storage::mail::{self, Link, Mail, REPLY, TRANSCRIPT};
use switchboard_storage::sweep::{self, Times};
use switchboard_storage::{conversation, entry, erasure};

both!(
    an_email_is_claimed_when_it_is_due_and_once_for_each_mark,
    what_was_given_up_makes_room_and_counts,
    links_serve_their_purpose_until_they_end,
    replies_are_those_of_people_alone,
);

async fn an_email(f: &Fixture, mark: i64, due_at: Option<i64>) -> Mail {
    let visitor = add_visitor(&f.store).await;
    let mut c = a_conversation();
    c.visitor = visitor.id.clone();
    add(&f.store, std::slice::from_ref(&c)).await;
    Mail {
        id: MailId::timed(NOW + mark, &Dice),
        kind: REPLY.into(),
        conversation: c.id,
        visitor: visitor.id,
        recipient: "ann@example.org".into(),
        mark,
        state: "due".into(),
        attempts: 0,
        zone: Some("Europe/Berlin".into()),
        due_at,
        error: None,
        created_at: NOW,
        done_at: None,
    }
}

async fn an_email_is_claimed_when_it_is_due_and_once_for_each_mark(f: Fixture) {
    let (mut first, later) = (an_email(&f, 4, Some(NOW)).await, an_email(&f, 5, Some(NOW + 1)).await);
    let mut tx = f.store.write().await.unwrap();
    for mail in [&first, &later] {
        assert!(mail::insert(&mut tx, mail).await.unwrap());
    }
    let twice = Mail { id: MailId::timed(NOW, &Dice), ..first.clone() };
    assert!(!mail::insert(&mut tx, &twice).await.unwrap(), "one for each mark");
    assert_eq!(mail::claim(&mut tx, NOW, 10).await.unwrap(), std::slice::from_ref(&first));
    assert_eq!(mail::mailed(&mut tx, &first.conversation, REPLY).await.unwrap(), Some(4));
    let times = Times { now: NOW, idle_before: NOW - 1_000, keep: 1_000 };
    assert!(sweep::look(&mut tx, times).await.unwrap().mails);
    (first.state, first.attempts, first.due_at) = ("dropped".into(), 1, None);
    (first.error, first.done_at) = (Some("came back".into()), Some(NOW));
    mail::note(&mut tx, &first).await.unwrap();
    mail::note(&mut tx, &Mail { state: "failed".into(), ..first.clone() }).await.unwrap();
    assert_eq!(
        mail::mailed(&mut tx, &first.conversation, REPLY).await.unwrap(),
        None,
        "given up is not sent"
    );
    mail::note(&mut tx, &first).await.unwrap();
    assert!(!sweep::look(&mut tx, times).await.unwrap().mails);
    assert_eq!(mail::mailed(&mut tx, &first.conversation, REPLY).await.unwrap(), None, "it was not sent");
    assert_eq!(mail::list(&mut tx, None, 10).await.unwrap(), [later.clone(), first.clone()]);
    assert_eq!(mail::list(&mut tx, Some(&later.id), 10).await.unwrap(), std::slice::from_ref(&first));
    mail::sweep(&mut tx, NOW + 1, NOW, 10).await.unwrap();
    assert_eq!(mail::list(&mut tx, None, 10).await.unwrap(), std::slice::from_ref(&later));
    erasure::visitor(&mut tx, &later.visitor).await.unwrap();
    assert_eq!(mail::list(&mut tx, None, 10).await.unwrap(), []);
}

async fn what_was_given_up_makes_room_and_counts(f: Fixture) {
    let (first, later) = (an_email(&f, 4, None).await, an_email(&f, 5, None).await);
    let mut tx = f.store.write().await.unwrap();
    for mail in [&first, &later] {
        assert!(mail::insert(&mut tx, mail).await.unwrap());
    }
    let made = mail::made_since(&mut tx, REPLY, NOW, 10).await.unwrap();
    let visitors: Vec<_> = made.into_iter().map(|made| made.visitor).collect();
    assert_eq!(visitors, [later.visitor, first.visitor.clone()]);
    assert_eq!(mail::made_since(&mut tx, REPLY, NOW + 5, 10).await.unwrap().len(), 1, "of that time on");
    assert_eq!(mail::made_since(&mut tx, REPLY, NOW, 1).await.unwrap().len(), 1, "the newest");
    assert_eq!(mail::made_since(&mut tx, TRANSCRIPT, 0, 10).await.unwrap(), []);

    let again = |n: i64| Mail { id: MailId::timed(NOW + n, &Dice), ..first.clone() };
    mail::set_aside(&mut tx, &first).await.unwrap();
    assert!(!mail::insert(&mut tx, &again(6)).await.unwrap(), "it is on its way");
    mail::note(&mut tx, &Mail { state: "sent".into(), ..first.clone() }).await.unwrap();
    mail::set_aside(&mut tx, &first).await.unwrap();
    assert!(!mail::insert(&mut tx, &again(6)).await.unwrap(), "it was sent");
    mail::note(&mut tx, &Mail { state: "failed".into(), ..first.clone() }).await.unwrap();
    for n in [6, 7] {
        mail::set_aside(&mut tx, &first).await.unwrap();
        assert!(mail::insert(&mut tx, &again(n)).await.unwrap(), "given up, and another one is made");
        let newest = mail::list(&mut tx, None, 1).await.unwrap().remove(0);
        assert_eq!(newest.mark, 4);
        mail::note(&mut tx, &Mail { state: "dropped".into(), ..newest }).await.unwrap();
    }
    assert_eq!(mail::made_since(&mut tx, REPLY, NOW, 10).await.unwrap().len(), 4, "all count");
}

async fn links_serve_their_purpose_until_they_end(f: Fixture) {
    let of = an_email(&f, 1, None).await;
    let link = Link {
        secret: TokenHash::of("secret"),
        purpose: "open".into(),
        conversation: of.conversation.clone(),
        visitor: of.visitor,
        expires_at: NOW + 10,
    };
    let mut tx = f.store.write().await.unwrap();
    mail::insert_link(&mut tx, &link).await.unwrap();
    let found = mail::link(&mut tx, &link.secret, "open", NOW + 9).await.unwrap();
    assert_eq!(found.as_ref(), Some(&link));
    assert_eq!(mail::link(&mut tx, &link.secret, "open", NOW + 10).await.unwrap(), None);
    assert_eq!(mail::link(&mut tx, &link.secret, "stop", NOW).await.unwrap(), None);
    for _ in 0..2 {
        mail::stop(&mut tx, &of.conversation, NOW).await.unwrap();
    }
    assert!(mail::is_stopped(&mut tx, &of.conversation).await.unwrap());
    mail::sweep(&mut tx, NOW, NOW + 11, 10).await.unwrap();
    assert_eq!(mail::link(&mut tx, &link.secret, "open", NOW).await.unwrap(), None);
}

async fn replies_are_those_of_people_alone(f: Fixture) {
    let mut c = a_conversation();
    // An agent has given it back to the others since.
    c.owner = switchboard_domain::Owner::Queue;
    (c.updated_at, c.last_inbound, c.visitor_email) = (NOW, 1, Some("ada@example.org".into()));
    let silent = Conversation { id: ConversationId::timed(NOW, &Dice), visitor_email: None, ..c.clone() };
    let heard = Conversation { id: ConversationId::timed(NOW, &Dice), last_inbound: 5, ..c.clone() };
    add(&f.store, &[c.clone(), silent.clone(), heard.clone()]).await;
    let by = |seq: i64, author: Author| {
        let mut entry = an_entry(&c.id, seq);
        entry.author = author;
        entry
    };
    let agent = || {
        let mut author = Author::visitor("a1", "Maya");
        author.kind = switchboard_domain::AuthorKind::Agent;
        author
    };
    let mut tx = f.store.write().await.unwrap();
    let all = [by(1, Author::visitor("v1", "Ada")), by(2, agent()), by(3, Author::system()), by(4, agent())];
    entry::insert(&mut tx, &all).await.unwrap();
    for other in [&silent, &heard] {
        let same = all.clone().map(|entry| switchboard_domain::Entry {
            id: switchboard_domain::EntryId::random(&Dice),
            conversation: other.id.clone(),
            ..entry
        });
        entry::insert(&mut tx, &same).await.unwrap();
    }
    let seqs = |found: Vec<switchboard_domain::Entry>| found.into_iter().map(|e| e.seq).collect::<Vec<_>>();
    assert_eq!(seqs(entry::replies_after(&mut tx, &c.id, 0, 10).await.unwrap()), [2, 4]);
    assert_eq!(seqs(entry::replies_after(&mut tx, &c.id, 2, 10).await.unwrap()), [4]);
    let since = conversation::replied_since(&mut tx, NOW, 10).await.unwrap();
    assert_eq!(since, [(c.id.clone(), NOW)], "neither without an address, nor after which the visitor wrote");
    assert_eq!(conversation::replied_since(&mut tx, NOW + 1, 10).await.unwrap(), []);
}
