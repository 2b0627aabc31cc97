//! The same tests for every bus.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, though not marked so themselves"
)]

mod delivery;
mod refusal;
mod request;
mod world;

/// Runs each named test on both buses.
macro_rules! on_both_buses {
    ($($module:ident :: $test:ident),+ $(,)?) => {
        mod local {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$module::$test(super::world::World::local()).await;
            })+
        }
        mod nats {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                super::$module::$test(super::world::World::nats()).await;
            })+
        }
    };
}

on_both_buses!(
    delivery::everybody_who_asked_receives,
    delivery::wildcards_choose,
    delivery::a_queue_group_shares,
    delivery::members_of_a_group_on_different_patterns_share,
    delivery::one_publisher_keeps_its_order,
    delivery::an_overflow_drops_the_oldest_and_says_so,
    delivery::no_echo_hears_others_only,
    delivery::a_dropped_subscription_is_gone,
    delivery::headers_and_payload_arrive_unchanged,
    refusal::what_is_too_large_is_refused_and_what_fits_arrives,
    refusal::bad_subjects_are_refused,
    request::a_request_is_answered,
    request::nobody_there_is_said_at_once,
    request::inboxes_are_unique,
);
