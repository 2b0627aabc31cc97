//! Both databases against a map for each table: random transactions, each committed, rolled back or dropped in the
//! middle, and after each of them random questions, which all three must answer alike.

mod answer;
mod ask;
mod model;
mod names;
mod real;
mod step;

use crate::fixture::Fixture;
use ask::{Ask, ask};
use model::Model;
use proptest::prelude::*;
use step::{End, Step, step};
use switchboard_storage::Error;

/// Histories to try; see [`switchboard_testkit::cases`].
const CASES: u32 = 40;
/// The tables that a history may fill.
const TABLES: [&str; 12] = [
    "accounts",
    "sessions",
    "teams",
    "team_members",
    "presence",
    "visitors",
    "conversations",
    "entries",
    "read_positions",
    "automations",
    "audit",
    "meta",
];

/// Carries out one transaction on a database, and compares what each write says.
async fn carry_out(f: &Fixture, step: &Step, model: &Model) -> Model {
    let mut after = model.clone();
    let mut tx = f.store.write().await.unwrap();
    for write in &step.writes {
        let mut write = write.clone();
        write.fit(&after);
        let expected = after.write(&write);
        if expected.is_err() && !step.bold {
            continue;
        }
        match (expected, real::write(&mut tx, &write).await) {
            (Ok(expected), Ok(said)) => assert_eq!(said, expected, "{write:?}"),
            (Err(against), Err(Error::Conflict(key))) => {
                assert!(against.contains(&key), "{key:?}, expected one of {against:?}: {write:?}");
                // After a conflict the transaction is given up.
                tx.rollback().await;
                return model.clone();
            }
            (expected, said) => panic!("{said:?}, expected {expected:?}: {write:?}"),
        }
    }
    match step.end {
        End::Commit => {
            tx.commit().await.unwrap();
            return after;
        }
        End::Rollback => tx.rollback().await,
        End::Drop => drop(tx),
    }
    model.clone()
}

/// Asks a database in a transaction, as some questions lock what they find.
async fn compare(f: &Fixture, asks: &[Ask], model: &Model) {
    let mut tx = f.store.write().await.unwrap();
    for ask in asks {
        assert_eq!(real::ask(&mut tx, ask).await.unwrap(), model.answer(ask), "{ask:?}");
    }
    tx.rollback().await;
}

async fn walk(f: &Fixture, steps: &[(Step, Vec<Ask>)]) {
    let wipe: String = TABLES.iter().map(|table| format!("DELETE FROM {table};")).collect();
    f.sql(&wipe);
    let mut model = Model::default();
    for (step, asks) in steps {
        model = carry_out(f, step, &model).await;
        compare(f, asks, &model).await;
    }
}

fn hold_against_the_reference(open: impl AsyncFnOnce() -> Fixture) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let f = runtime.block_on(async { open().await.migrated().await });
    let config = ProptestConfig::with_cases(switchboard_testkit::cases(CASES));
    let steps = prop::collection::vec((step(), prop::collection::vec(ask(), 4..20)), 1..25);
    proptest!(config, |(steps in steps)| {
        runtime.block_on(walk(&f, &steps));
    });
}

#[test]
fn sqlite_does_what_the_reference_does() {
    hold_against_the_reference(Fixture::sqlite);
}

#[test]
fn mariadb_does_what_the_reference_does() {
    hold_against_the_reference(Fixture::mariadb);
}
