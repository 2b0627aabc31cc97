//! Which check notices which mutant, and what it says then.

use switchboard_faults::Mutant;

use super::check::Check;

/// A mutant and the check that notices it.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) mutant: Mutant,
    pub(super) check: Check,
    /// What the check says, of which one has to be there: noticed for another reason is not noticed.
    pub(super) says: &'static [&'static str],
    /// Whether it is tried with every `make test` too: a few, of each kind, that take seconds.
    pub(super) short: bool,
}

const fn case(mutant: Mutant, check: Check, says: &'static [&'static str], short: bool) -> Case {
    Case { mutant, check, says, short }
}

/// All mutants.
pub(super) const CATALOGUE: [Case; 20] = [
    case(Mutant::AckBeforeCommit, Check::Struck, &["Lost", "Disagrees"], true),
    case(
        Mutant::UniqueKeyDropped,
        Check::Test("idempotence::embedded::a_repeated_message_is_the_same_message"),
        &["another entry for a repeat", "expected 200", "200"],
        true,
    ),
    case(
        Mutant::ConflictAcknowledged,
        Check::Test("idempotence::embedded::a_repeated_message_is_the_same_message"),
        &["409"],
        true,
    ),
    case(
        Mutant::SeqFromMemory,
        Check::Test("blocked_insert::cluster::what_is_given_up_and_run_again_leaves_no_gap"),
        &["after"],
        false,
    ),
    case(
        Mutant::BatchReversed,
        Check::Test("pipeline::embedded::a_burst_stays_in_order_and_each_message_is_answered"),
        &["answered out of order", "after"],
        true,
    ),
    case(
        Mutant::LaneOvertakes,
        Check::Test("held_up::cluster::what_waits_behind_a_failed_message_does_not_overtake_it"),
        &["out of order"],
        false,
    ),
    case(Mutant::UnknownCommitForgotten, Check::Unknown, &["was not shown"], false),
    case(Mutant::RestartUnnoticed, Check::Unheard, &["was not shown"], true),
    case(
        Mutant::GapSkipped,
        Check::Test("cut_bus::cluster::what_was_not_heard_comes_first"),
        &["entries: not within"],
        false,
    ),
    case(
        Mutant::SpliceSkips,
        Check::Test("resume::embedded::who_comes_back_while_another_reads"),
        &["an entry: not within", " of ["],
        true,
    ),
    case(
        Mutant::ResumeTrusts,
        Check::Test("resume::embedded::what_does_not_fit_is_reset"),
        &["reset: not within"],
        false,
    ),
    case(Mutant::AuthorityCached, Check::Race, &["committed after the deactivation"], true),
    case(
        Mutant::SessionCached,
        Check::Test("accounts_by_sql::embedded::a_deactivated_agent"),
        &["401"],
        true,
    ),
    case(Mutant::LeaseIgnored, Check::Cut, &["were shown later"], false),
    case(
        Mutant::RevokedStays,
        Check::Test("accounts_by_program::embedded::a_deactivated_agent_is_out_at_once"),
        &["still open", "closed with"],
        false,
    ),
    case(
        Mutant::NotesShown,
        Check::Test("notes::embedded::a_visitor_never_sees_a_note"),
        &["king of Spain"],
        false,
    ),
    case(
        Mutant::ForeignReadable,
        Check::Test("visitor_privacy::embedded::another_visitors_conversation_is_404"),
        &["404"],
        true,
    ),
    case(Mutant::FenceIgnored, Check::Test("claim::embedded::an_old_fence_is_refused"), &["409"], false),
    case(Mutant::ReplyTwice, Check::UnknownReply, &["applied twice"], false),
    case(
        Mutant::SweepDropped,
        Check::Test("accounts_by_sql::embedded::a_deleted_agent"),
        &["back in the queue: not within"],
        false,
    ),
];
