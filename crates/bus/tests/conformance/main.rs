//! The same tests for every bus.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests, though not marked so themselves"
)]

mod call;
mod delivery;
mod micro;
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
    delivery::what_is_published_once_it_is_subscribed_is_heard,
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
    call::a_call_is_answered_or_refused_with_reasons,
    call::ten_thousand_calls_at_once_each_get_their_own_answer,
    call::beyond_the_limit_is_said_at_once,
    call::a_panic_and_a_giant_answer_are_failures,
    call::who_gives_up_leaves_nothing_behind,
    call::an_inbox_takes_several_replies_and_several_attempts,
    call::a_dropped_server_finishes_what_it_has_in_hand,
    call::draining_answers_what_has_arrived_and_then_nobody_is_there,
    micro::what_is_announced_is_found_until_it_goes,
    micro::monitoring_asks_all_or_by_name_or_by_id,
    micro::services_of_other_clients_are_read_and_rubbish_is_not,
    micro::what_is_no_service_is_refused,
);
