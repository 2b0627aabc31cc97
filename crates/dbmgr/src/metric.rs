//! The names of the metrics that this crate counts; what they mean is in `docs/metrics.md`.

/// Messages and notes committed, by `author` and `kind`.
pub const MESSAGES: &str = "switchboard_messages_total";
/// Appends answered, by `result`: `stored`, `repeated`, or the problem's name.
pub const APPENDS: &str = "switchboard_appends_total";
/// Seconds from the arrival of an append to its commit.
pub const COMMIT_SECONDS: &str = "switchboard_append_commit_seconds";
/// Rows in one commit of the append writer.
pub const BATCH_ROWS: &str = "switchboard_append_batch_rows";
/// Failures of the database, by `kind`.
pub const DATABASE_ERRORS: &str = "switchboard_database_errors_total";
/// Transactions that were run again because they met another one.
pub const RERUNS: &str = "switchboard_database_reruns_total";
/// Readers who had seen more than the database holds: commits that were lost.
pub const LOST_COMMITS: &str = "switchboard_lost_commits_detected_total";
/// Calls answered, by `call` and `result`: `ok` or the problem's name.
pub const CALLS: &str = "switchboard_calls_total";
/// Seconds that a call took, by `call`.
pub const CALL_SECONDS: &str = "switchboard_call_seconds";
/// Sign-ins, by `result`: `ok`, `refused`, `throttled`.
pub const SIGN_INS: &str = "switchboard_sign_ins_total";
/// Notices told, by `kind`.
pub const NOTICES: &str = "switchboard_notices_total";
/// Notices that a bus did not take; readers repair the gap.
pub const NOTICES_LOST: &str = "switchboard_notices_lost_total";
/// Seconds that the common time is held apart from the leading clock, since that was set.
pub const CLOCK_CORRECTION: &str = "switchboard_clock_correction_seconds";
/// Attempts to tell servers outside what has happened, by `result`: `delivered`, `failed`.
pub const WEBHOOKS: &str = "switchboard_webhooks_total";
/// Rules that fired.
pub const RULES_FIRED: &str = "switchboard_rules_fired_total";
/// Conversations that a sweep gave to people.
pub const SWEPT: &str = "switchboard_swept_conversations_total";
