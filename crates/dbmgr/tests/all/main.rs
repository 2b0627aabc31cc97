//! The database manager on both databases: who may, what is stored, what is told, what a fault leaves.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, though not marked so themselves"
)]

mod append;
mod articles;
mod authority;
mod canned;
mod conversations;
mod desk_people;
mod edge;
mod faults;
mod files;
mod greet_many;
mod guests;
mod guide_upkeep;
mod guides;
mod held;
mod identity;
mod line;
mod mail;
mod mail_servers;
mod operator;
mod people;
mod reference;
mod reports;
mod routing;
mod rule_hours;
mod rules;
mod saved_views;
mod search;
mod search_speed;
mod settling;
mod sign_in;
mod teams;
mod telling;
mod time;
mod webhooks;
mod world;

/// The same test on both databases: `on_both!(name, body)` with `async fn body(world: World)`.
macro_rules! on_both {
    ($($name:ident),* $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::world::World::sqlite().await).await;
            })*
        }
        mod mariadb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                super::$name($crate::world::World::mariadb().await).await;
            })*
        }
    };
}
pub(crate) use on_both;
