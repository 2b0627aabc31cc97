//! Nothing that names a visitor is left behind when two of them become one, in no table that there is or will be.

use crate::fixture::{Dice, Fixture, NOW, a_conversation, add, add_visitor, an_entry, both};
use switchboard_domain::ban::Banned;
use switchboard_domain::{Author, BanId, VisitorId};
use switchboard_storage::ban::{self, Ban, NEVER};
use switchboard_storage::visitor::Visitor;
use switchboard_storage::{entry, join, merge, visitor};

both!(everything_is_merged, everything_is_joined);

/// Tables whose rows say nothing of the one that stays when an agent merges: the other one's browsers begin anew, and
/// what is known of it was read before.
const ENDED: [&str; 3] = ["visitor_tokens", "mail_links", "visitor_details"];
/// The same when a site says that both are one: the token of the browser that has proven it is one of the person.
const LED_IN: [&str; 1] = ["mail_links"];

async fn everything_is_merged(f: Fixture) {
    let (from, into, ids) = filled(&f).await;
    let mut tx = f.store.write().await.unwrap();
    visitor::lock_ids(&mut tx, &[from.id.clone(), into.id.clone()]).await.unwrap();
    merge::move_all(&mut tx, &ids, &from.id, &into.id, NOW).await.unwrap();
    merge::delete(&mut tx, &from.id).await.unwrap();
    tx.commit().await.unwrap();
    assert_moved(&f, &from.id, &into.id, &ENDED);
}

async fn everything_is_joined(f: Fixture) {
    let (from, into, ids) = filled(&f).await;
    let mut tx = f.store.write().await.unwrap();
    visitor::lock_ids(&mut tx, &[from.id.clone(), into.id.clone()]).await.unwrap();
    join::visitors(&mut tx, &ids, &from.id, &into.id, &from.token, NOW).await.unwrap();
    tx.commit().await.unwrap();
    assert_moved(&f, &from.id, &into.id, &LED_IN);
}

/// Two visitors; of the first there is a row in every table that names visitors.
async fn filled(f: &Fixture) -> (Visitor, Visitor, Vec<switchboard_domain::ConversationId>) {
    let (from, into) = (add_visitor(&f.store).await, add_visitor(&f.store).await);
    let mut c = a_conversation();
    c.visitor = from.id.clone();
    add(&f.store, std::slice::from_ref(&c)).await;
    let author = Author::visitor(from.id.as_str(), "Noor");
    let mut said = an_entry(&c.id, 1);
    said.author = author.clone();
    let ban = Ban {
        id: BanId::timed(NOW, &Dice),
        banned: Banned::Visitor(from.id.clone()),
        reason: String::new(),
        ends_at: NEVER,
        by_id: None,
        by_name: "ada".into(),
        created_at: NOW,
    };
    let mut tx = f.store.write().await.unwrap();
    entry::insert(&mut tx, &[said]).await.unwrap();
    ban::insert(&mut tx, &ban).await.unwrap();
    tx.commit().await.unwrap();
    let id = from.id.as_str();
    for table in tables(f).iter().filter(|table| *table != "conversations") {
        fill(f, table, &[("visitor_id", id)]);
    }
    let sender = author.sender();
    fill(f, "files", &[("uploader", sender.as_str()), ("conversation_id", c.id.as_str())]);
    fill(f, "webhook_deliveries", &[("lane", id)]);
    (from, into, vec![c.id])
}

/// Every column as `table column type`.
fn columns(f: &Fixture) -> Vec<(String, String, String)> {
    let text = f.sql(if f.is_sqlite() {
        "SELECT m.name || ' ' || p.name || ' ' || p.type FROM sqlite_master m JOIN pragma_table_info(m.name) p \
         WHERE m.type = 'table' ORDER BY m.name, p.cid"
    } else {
        "SELECT CONCAT(table_name, ' ', column_name, ' ', column_type) FROM information_schema.columns \
         WHERE table_schema = DATABASE() ORDER BY table_name, ordinal_position"
    });
    let part = |parts: &mut std::str::Split<'_, char>| parts.next().unwrap_or_default().to_lowercase();
    text.lines()
        .map(|line| line.split(' '))
        .map(|mut parts| (part(&mut parts), part(&mut parts), part(&mut parts)))
        .collect()
}

fn tables(f: &Fixture) -> Vec<String> {
    let all = columns(f).into_iter().filter(|(_, column, _)| column == "visitor_id");
    let tables: Vec<String> = all.map(|(table, _, _)| table).collect();
    assert!(tables.len() >= 8, "{tables:?}");
    tables
}

/// Adds a row with these texts, and with something in all other columns.
fn fill(f: &Fixture, table: &str, texts: &[(&str, &str)]) {
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (_, column, kind) in columns(f).into_iter().filter(|(of, _, _)| of == table) {
        let said = texts.iter().find(|(name, _)| *name == column).map(|(_, text)| format!("'{text}'"));
        values.push(said.unwrap_or_else(|| {
            let other = if kind.ends_with("text") { "'{}'" } else { "'x'" };
            if kind.starts_with("bigint") { "1".into() } else { other.into() }
        }));
        names.push(column);
    }
    assert!(!names.is_empty(), "there is no table {table}");
    f.sql(&format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), values.join(", ")));
}

fn assert_moved(f: &Fixture, from: &VisitorId, into: &VisitorId, ended: &[&str]) {
    let count = |sql: &str| f.sql(sql).trim().parse::<i64>().unwrap();
    for (table, column, kind) in columns(f) {
        if kind.contains("char") || kind.ends_with("text") {
            let sql = format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{from}%'");
            assert_eq!(count(&sql), 0, "{table}.{column} still names the visitor that is gone");
        }
    }
    for table in tables(f).iter().filter(|table| !ended.contains(&table.as_str())) {
        let sql = format!("SELECT COUNT(*) FROM {table} WHERE visitor_id = '{into}'");
        assert!(count(&sql) > 0, "{table} has lost something");
    }
}
