//! Migrations: complete, the same on both databases, safe to run at once, and careful with what is not ours.

use crate::fixture::{Dice, Fixture, NOW, both};
use std::collections::BTreeSet;
use switchboard_storage::{Error, Options, Schema, Store, meta, team};

both!(sixteen_starters_at_once, a_newer_schema_is_refused, an_older_schema_is_completed_but_not_by_su);

async fn sixteen_starters_at_once(f: Fixture) {
    // The macro has migrated already: begin again from nothing.
    let tables = f.sql(if f.is_sqlite() {
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    } else {
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
    });
    let drops: String = tables.lines().map(|table| format!("DROP TABLE {table};")).collect();
    f.sql(&drops);
    assert_eq!(f.store.schema().await.unwrap(), Schema::Empty);
    assert!(matches!(f.store.ping().await, Err(Error::Schema(_))));

    let url = f.database.url();
    let starters: Vec<_> = (0..16)
        .map(|n| {
            let url = url.clone();
            tokio::spawn(async move {
                let options = Options { connections: 2, ..Options::default() };
                let store = Store::open(&url, options).await.unwrap();
                // Half of them start as `su` does.
                if n % 2 == 0 {
                    store.migrate(NOW, &Dice).await
                } else {
                    store.migrate_if_empty(NOW, &Dice).await
                }
            })
        })
        .collect();
    let mut taken = 0;
    for starter in starters {
        taken += starter.await.unwrap().unwrap();
    }
    assert_eq!(taken, 16, "every step once, by whomever");
    assert_eq!(f.store.schema().await.unwrap(), Schema::Current);
    f.store.ping().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(meta::epoch(&mut tx).await.unwrap().len(), 32);
    let teams = team::list(&mut tx, None, 10).await.unwrap();
    assert_eq!(teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["General"]);
}

async fn a_newer_schema_is_refused(f: Fixture) {
    f.sql("INSERT INTO switchboard_schema VALUES (17, '0017_of_tomorrow')");
    let refused = f.store.migrate(NOW, &Dice).await;
    assert!(matches!(&refused, Err(Error::Schema(why)) if why.contains("newer")), "{refused:?}");
}

async fn an_older_schema_is_completed_but_not_by_su(f: Fixture) {
    f.sql(
        "DROP TABLE identities; DROP TABLE identity_keys; DROP TABLE mail_links; DROP TABLE mail_stops; DROP TABLE mails; DROP TABLE visitor_tokens; \
         DELETE FROM switchboard_schema WHERE version = 16",
    );
    assert_eq!(f.store.schema().await.unwrap(), Schema::Older(15));
    let refused = f.store.migrate_if_empty(NOW, &Dice).await;
    assert!(
        matches!(&refused, Err(Error::Schema(why)) if why.contains("switchboard migrate")),
        "{refused:?}"
    );
    assert_eq!(f.store.migrate(NOW, &Dice).await.unwrap(), 1);
    assert_eq!(f.store.schema().await.unwrap(), Schema::Current);
}

async fn a_foreign_database_is_left_alone(f: Fixture) {
    f.sql("CREATE TABLE accounts (iban VARCHAR(40))");
    let refused = f.store.migrate(NOW, &Dice).await;
    assert!(matches!(&refused, Err(Error::Schema(why)) if why.contains("accounts")), "{refused:?}");
}

#[tokio::test]
async fn a_foreign_database_is_left_alone_sqlite() {
    a_foreign_database_is_left_alone(Fixture::sqlite().await).await;
}

#[tokio::test]
async fn a_foreign_database_is_left_alone_mariadb() {
    a_foreign_database_is_left_alone(Fixture::mariadb().await).await;
}

#[tokio::test]
async fn the_schemas_are_the_same() {
    let lite = Fixture::sqlite().await.migrated().await;
    let maria = Fixture::mariadb().await.migrated().await;
    let columns = |text: String| -> BTreeSet<String> {
        let line = |line: &str| {
            line.to_lowercase()
                .replace("mediumtext", "text")
                .replace("mediumblob", "blob")
                .replace("bigint(20)", "bigint")
        };
        text.lines().map(line).collect()
    };
    let lite_columns = columns(lite.sql(
        "SELECT m.name || ' ' || p.name || ' ' || p.type || ' ' || p.\"notnull\" || ' ' || p.pk \
         FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'",
    ));
    let maria_columns = columns(maria.sql(
        "SELECT CONCAT(c.table_name, ' ', c.column_name, ' ', c.column_type, ' ', c.is_nullable = 'NO', ' ', \
         COALESCE(k.ordinal_position, 0)) FROM information_schema.columns c \
         LEFT JOIN information_schema.key_column_usage k ON k.table_schema = c.table_schema \
         AND k.table_name = c.table_name AND k.column_name = c.column_name AND k.constraint_name = 'PRIMARY' \
         WHERE c.table_schema = DATABASE()",
    ));
    assert!(lite_columns.len() > 100, "{lite_columns:?}");
    assert_eq!(lite_columns, maria_columns);

    let lite_indexes = columns(lite.sql(
        "SELECT i.name || ' ' || i.\"unique\" || ' ' || c.seqno || ' ' || c.name FROM sqlite_master m \
         JOIN pragma_index_list(m.name) i JOIN pragma_index_info(i.name) c WHERE m.type = 'table' AND i.origin = 'c'",
    ));
    let maria_indexes = columns(maria.sql(
        "SELECT CONCAT(index_name, ' ', non_unique = 0, ' ', seq_in_index - 1, ' ', column_name) \
         FROM information_schema.statistics WHERE table_schema = DATABASE() AND index_name <> 'PRIMARY'",
    ));
    // On SQLite this one is part of the table.
    assert!(lite_indexes.len() > 20, "{lite_indexes:?}");
    assert_eq!(lite_indexes, maria_indexes);
}

#[tokio::test]
async fn mariadb_compares_ids_by_byte_and_text_by_code_point() {
    let maria = Fixture::mariadb().await.migrated().await;
    let collations = maria.sql(
        "SELECT DISTINCT collation_name FROM information_schema.columns \
         WHERE table_schema = DATABASE() AND collation_name IS NOT NULL ORDER BY 1",
    );
    // The migrations' own table takes the database's default, which testkit sets to utf8mb4_bin.
    assert_eq!(collations.lines().collect::<Vec<_>>(), ["ascii_bin", "utf8mb4_bin"]);
}
