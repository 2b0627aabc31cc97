//! The log.

use crate::fixture::{Fixture, a_conversation, add, an_entry, both};
use switchboard_domain::entry::Client;
use switchboard_domain::{ClientMsgId, ConversationId, Entry, EntryKind};
use switchboard_storage::entry::{ClientKey, Reader, Span};
use switchboard_storage::{Error, Unique, entry};

both!(
    any_text_comes_back_as_it_was,
    pages_go_both_ways,
    a_client_id_is_used_once,
    many_logs_at_once,
    numbers_are_unique
);

async fn put(f: &Fixture, entries: &[Entry]) {
    let mut tx = f.store.write().await.unwrap();
    entry::insert(&mut tx, entries).await.unwrap();
    tx.commit().await.unwrap();
}

fn client(n: usize) -> Client {
    Client {
        sender: "vV1".into(),
        id: ClientMsgId::try_from(format!("{n:016}")).unwrap(),
        body_hash: "f".repeat(64),
    }
}

async fn any_text_comes_back_as_it_was(f: Fixture) {
    let id = a_conversation().id;
    let texts = [
        "a\0b",
        "😀🏴‍☠️",
        "ünï ",
        " '\"\\%_;--",
        "\u{202e}rtl",
        "\u{10FFFF}",
        "line\r\n\tend",
        &"🦀".repeat(16_000),
    ];
    let entries: Vec<Entry> = (1..)
        .zip(texts)
        .map(|(seq, text)| Entry {
            body: serde_json::json!({ "text": text }).to_string() + text,
            author: switchboard_domain::Author {
                name: text.chars().take(80).collect(),
                ..an_entry(&id, 1).author
            },
            ..an_entry(&id, seq)
        })
        .collect();
    put(&f, &entries).await;
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(entry::after(&mut tx, &id, 0, Reader::Staff, 100).await.unwrap(), entries);
}

async fn pages_go_both_ways(f: Fixture) {
    let id = a_conversation().id;
    let entries: Vec<Entry> = (1..=300)
        .map(|seq| {
            let note = seq % 3 == 0;
            let kind = if note { EntryKind::Note } else { EntryKind::Message };
            Entry { kind, public: !note, ..an_entry(&id, seq) }
        })
        .collect();
    put(&f, &entries).await;
    let seqs = |page: Vec<Entry>| page.into_iter().map(|entry| entry.seq).collect::<Vec<_>>();
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(seqs(entry::after(&mut tx, &id, 10, Reader::Staff, 4).await.unwrap()), [11, 12, 13, 14]);
    assert_eq!(seqs(entry::after(&mut tx, &id, 10, Reader::Visitor, 4).await.unwrap()), [11, 13, 14, 16]);
    assert_eq!(seqs(entry::before(&mut tx, &id, 10, Reader::Visitor, 4).await.unwrap()), [4, 5, 7, 8]);
    assert_eq!(seqs(entry::before(&mut tx, &id, i64::MAX, Reader::Staff, 2).await.unwrap()), [299, 300]);
    assert_eq!(seqs(entry::after(&mut tx, &id, 0, Reader::Staff, 999).await.unwrap()).len(), 300);
    assert_eq!(entry::at(&mut tx, &id, 7).await.unwrap().as_ref(), Some(&entries[6]));
    assert_eq!(entry::at(&mut tx, &id, 301).await.unwrap(), None);
}

async fn a_client_id_is_used_once(f: Fixture) {
    let (one, two) = (a_conversation().id, a_conversation().id);
    let sent = |id: &ConversationId, seq: usize| Entry {
        client: Some(client(seq)),
        ..an_entry(id, i64::try_from(seq).unwrap())
    };
    let entries: Vec<Entry> = (1..=200).map(|seq| sent(&one, seq)).collect();
    put(&f, &entries).await;
    // Another conversation, another sender, and entries without an id are no repeats.
    let mut other = sent(&one, 1);
    other.seq = 201;
    other.client = Some(Client { sender: "aA1".into(), ..client(1) });
    put(&f, &[sent(&two, 1), other, an_entry(&one, 202), an_entry(&one, 203)]).await;

    let mut tx = f.store.write().await.unwrap();
    let again = entry::insert(&mut tx, &[Entry { seq: 300, ..sent(&one, 7) }]).await;
    assert!(matches!(again, Err(Error::Conflict(Unique::ClientMessage))), "{again:?}");
    tx.rollback().await;

    let mut keys: Vec<ClientKey> = (1..=200)
        .map(|n| ClientKey { conversation: one.clone(), sender: "vV1".into(), id: client(n).id })
        .collect();
    keys.push(ClientKey { conversation: two.clone(), sender: "vV1".into(), id: client(2).id });
    keys.push(ClientKey { conversation: one.clone(), sender: "vv1".into(), id: client(2).id });
    let mut tx = f.store.read().await.unwrap();
    let mut found = entry::by_client(&mut tx, &keys).await.unwrap();
    found.sort_by_key(|entry| entry.seq);
    assert_eq!(found, entries);
    assert_eq!(entry::by_client(&mut tx, &[]).await.unwrap(), []);
}

async fn many_logs_at_once(f: Fixture) {
    let ids: Vec<ConversationId> = (0..150).map(|_| a_conversation().id).collect();
    let entries: Vec<Entry> = ids.iter().flat_map(|id| (1..=5).map(|seq| an_entry(id, seq))).collect();
    put(&f, &entries).await;
    let spans: Vec<Span> =
        ids.iter().map(|id| Span { conversation: id.clone(), after: 2, upto: 4 }).collect();
    let mut tx = f.store.read().await.unwrap();
    let found = entry::spans(&mut tx, &spans, Reader::Visitor, 1_000).await.unwrap();
    assert_eq!(found.len(), 300);
    assert!(found.is_sorted_by(|a, b| (&a.conversation, a.seq) < (&b.conversation, b.seq)));
    assert!(found.iter().all(|entry| entry.seq == 3 || entry.seq == 4));
    let cut = entry::spans(&mut tx, &spans, Reader::Visitor, 7).await.unwrap();
    assert_eq!(cut, found[..7]);
}

async fn numbers_are_unique(f: Fixture) {
    let c = a_conversation();
    add(&f.store, std::slice::from_ref(&c)).await;
    put(&f, &[an_entry(&c.id, 1)]).await;
    let mut tx = f.store.write().await.unwrap();
    let taken = entry::insert(&mut tx, &[an_entry(&c.id, 1)]).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::Primary))), "{taken:?}");
}
