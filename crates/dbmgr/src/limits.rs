//! Limits of the database manager, each with its unit.

use std::time::Duration;

/// Calls carried out at a time, from all buses and from this process together.
pub const CALLS: usize = 128;
/// The same for those of the house itself (leases, health, routing), which go on when there are too many others.
pub const HOUSE_CALLS: usize = 64;
/// Calls that may wait for their turn; more are told to come back.
pub const CALLS_WAITING: usize = 16_384;
/// How long a call may wait for its turn.
pub const CALL_WAIT: Duration = Duration::from_secs(8);
/// Calls that hash passwords carried out at a time, those in the queue for it included.
pub const PASSWORD_CALLS: usize = 96;
/// Lists of appends carried out at a time; what they hold is bounded by [`APPEND_QUEUE`].
pub const APPEND_CALLS: usize = 4_096;
/// Calls that carry a piece of a file carried out at a time; each holds about a megabyte.
pub const FILE_CALLS: usize = 16;
/// Such calls that may wait for their turn.
pub const FILE_CALLS_WAITING: usize = 128;
/// Uploads nobody has come to send that are deleted in one transaction.
pub const FILES_SWEPT: i64 = 10;
/// How long a call may take before its caller is told that it is not known whether it was carried out.
pub const CALL: Duration = Duration::from_secs(15);
/// Transactions of calls on SQLite that may stand in line for its one writer: a batch of messages, which stands in the
/// same line, waits for so many at most.
pub const CALLS_AHEAD: usize = 4;
/// Times a transaction is run when it meets another one.
pub const RUNS: u32 = 6;
/// The pause before such a transaction is run again, at most; half of it to begin with, and growing.
pub const RERUN_PAUSE: Duration = Duration::from_millis(40);

/// Passwords that may wait to be hashed or compared; more are answered 429.
pub const HASH_QUEUE: usize = 64;
/// How long a password may wait to be hashed.
pub const HASH_WAIT: Duration = Duration::from_secs(10);
/// When a caller turned away by the full queue should try again, in milliseconds.
pub const HASH_RETRY_MS: u64 = 2_000;
/// Failed sign-ins in a row, of one account from one address, before waiting begins.
pub const SIGN_IN_FAILURES: u32 = 10;
/// The first wait after that; it doubles with each further failure.
pub const SIGN_IN_WAIT: Duration = Duration::from_secs(2);
/// The longest wait.
pub const SIGN_IN_WAIT_MAX: Duration = Duration::from_secs(15 * 60);
/// Failures are forgotten after this long without another one.
pub const SIGN_IN_MEMORY: Duration = Duration::from_secs(3_600);
/// Pairs of account and address that are remembered; beyond it the oldest is forgotten.
pub const SIGN_IN_PAIRS: usize = 65_536;
/// A session's last use is written when it is older than this, in milliseconds.
pub const TOUCH_AFTER_MS: i64 = 60_000;
/// How often uses of sessions are written.
pub const TOUCH_EVERY: Duration = Duration::from_secs(10);
/// A visitor's last visit is written when it is older than this, in milliseconds.
pub const VISIT_AFTER_MS: i64 = 10 * 60_000;
/// Sessions whose use waits to be written; more are written at their next use.
pub const TOUCH_QUEUE: usize = 4_096;

/// How often the common time is compared with the database's; above [`LOCK_CHECK`] and its patience, so that who has
/// lost the router lock knows it by the second look.
pub const CLOCK_EVERY: Duration = Duration::from_secs(5);
/// By so much the common time follows at once, in milliseconds.
pub const CLOCK_STEP_MS: i64 = 1_000;
/// By more than this a clock is set that was plainly wrong before; it is followed at once, in milliseconds.
pub const CLOCK_JUMP_MS: i64 = 3 * 3_600_000;
/// Looks in a row that find the leading clock set, until who routes corrects the time.
pub const CLOCK_LOOKS: u32 = 2;
/// The same until others believe that it was them who stood still: long enough for whoever routes to correct the time
/// first, also when its own looks are slow.
pub const CLOCK_LOOKS_OF_OTHERS: u32 = 12;
/// An answer that took longer says too little about the time, in milliseconds.
pub const CLOCK_ROUND_TRIP_MS: i64 = 500;

/// Messages and notes that may wait for one lane of the writer; more are refused at once.
pub const APPEND_QUEUE: usize = 16_384;
/// When a caller turned away by the full queue should try again, in milliseconds.
pub const APPEND_RETRY_MS: u64 = 1_000;
/// How long an append may wait for its batch; older ones are answered before any work.
pub const APPEND_WAIT: Duration = Duration::from_secs(10);
/// Items of one lane that wait for a lock which another transaction has; more are told to come back.
pub const HELD_ROWS: usize = 256;
/// How long they wait before they are tried again when nothing else comes.
pub const HELD_PAUSE: Duration = Duration::from_millis(2);
/// The same while nothing moves: it is doubled up to this.
pub const HELD_PAUSE_MAX: Duration = Duration::from_millis(50);
/// Batches that find out first what is stored already, after one has met a repeat.
pub const WARY_BATCHES: u32 = 32;
/// Times a batch is run when the database is away and nothing was done.
pub const BATCH_RUNS: u32 = 2;
/// Times a batch is run when a commit's outcome is unknown: the next run finds out.
pub const BATCH_UNKNOWN_RUNS: u32 = 5;
/// The pause before such a batch is run again; doubled each time.
pub const BATCH_PAUSE: Duration = Duration::from_millis(150);

/// A repeat of an entry younger than this is told again, in milliseconds: longer than any commit can be under way.
pub const RETELL_MS: i64 = 120_000;

/// Notices that may wait for one bus; more are gaps, which readers repair.
pub const TELL_QUEUE: usize = 8_192;
/// How often a dbmgr says that it is alive.
pub const BEAT: Duration = Duration::from_secs(1);

/// How often a dbmgr without the router lock tries to get it.
pub const LOCK_RETRY: Duration = Duration::from_secs(2);
/// How often the holder of the router lock makes sure of it.
pub const LOCK_CHECK: Duration = Duration::from_secs(2);
/// How long the calls in hand have to end when the program does, and then as long the messages that wait.
pub const DRAIN: Duration = Duration::from_secs(4);

/// Ids in one question of an edge.
pub const BULK_IDS: usize = 256;
/// Conversations shown to a visitor when a socket opens.
pub const GREET_VISITOR: i64 = 50;
/// Visitors greeted by one call.
pub const GREET_MANY: usize = 64;
/// Lines of one conversation that a visitor who comes back is given with the greeting.
pub const GREET_LINES: i64 = 50;
/// Lines of all of them together.
pub const GREET_ROWS: i64 = 2_048;
/// About how many bytes the greetings of one call may have: they must fit into one message of the bus.
pub const GREET_BYTES: usize = 640 * 1024;
/// Conversations shown to an agent when a socket opens.
pub const GREET_AGENT: i64 = 200;
/// Teams whose rules are looked at together, at most.
pub const TEAMS: i64 = 10_000;
/// Conversations of each queue on the router's board.
pub const BOARD_WAITING: i64 = 1_000;
/// Due conversations in one answer: many, so that turns that wait for a busy automation hide no deadline.
pub const DUE: i64 = 8_192;
/// Owners and sessions put right by one sweep; the next one goes on.
pub const SWEEP: i64 = 500;
/// Ended sessions are kept this long, so that open sockets learn why, in milliseconds.
pub const ENDED_SESSION_MS: i64 = 24 * 3_600_000;
/// Services recorded by one discovery.
pub const FOUND: usize = 256;
/// How often each dbmgr looks which automations are there.
pub const LOOK_EVERY: Duration = Duration::from_secs(8);
/// How long they may take to answer.
pub const LOOK_WAIT: Duration = Duration::from_secs(1);
/// An automation counts as up this long after an instance was last seen.
pub const SEEN: Duration = Duration::from_secs(25);
/// An automation counts as failing this long after a turn failed, in milliseconds.
pub const FAILING_MS: i64 = 60_000;
/// Longest title of an automation, in characters.
pub const TITLE_CHARS: usize = 80;
/// Longest description of an automation, in characters.
pub const DESCRIPTION_CHARS: usize = 500;
/// Canned replies of one holder: an agent, a team, or everybody.
pub const CANNED_REPLIES: i64 = 500;
/// Reports and pieces of exports made at a time, which leaves most readers of the database to others.
pub const REPORTS: usize = 2;
/// Reports that may wait for their turn; more are told to come back.
pub const REPORTS_WAITING: usize = 32;
/// Conversations read by one statement of a report.
pub const REPORT_PIECE: i64 = 5_000;
/// Conversations in one piece of an export: their rows fit into one message of the bus.
pub const REPORT_PAGE: i64 = 1_000;
/// Teams, agents and automations in a report, each.
pub const REPORT_PARTS: usize = 200;
/// Names of teams that a report looks up.
pub const REPORT_NAMES: usize = 10_000;
/// Bounds of the time for a first answer, in seconds.
pub const ANSWER_S: std::ops::RangeInclusive<i64> = 5..=86_400;
/// Longest search text, in characters.
pub const SEARCH_CHARS: usize = 254;
/// Visitors whom a ban of an e-mail address or address meets at once; others it meets when they come.
pub const BAN_MEETS: i64 = 1_000;
/// Visitors in one answer to who may be here no more; more than one ban can meet.
pub const CUT_OFF: i64 = 8_192;
/// For how long it is told that a visitor was erased, in milliseconds: far above how often it is asked.
pub const ERASED_TOLD_MS: i64 = 24 * 3_600_000;
/// Entries erased by one transaction.
pub const ERASED_ENTRIES: i64 = 500;
/// Files deleted by one transaction that erases: 40 MiB at the default limit of a file.
pub const ERASED_FILES: i64 = 4;
/// Conversations whose time has come that are looked at together.
pub const RETAINED: i64 = 20;
/// Transactions of one sweep that erase what is past its time; the next sweep goes on.
pub const RETAIN_ROUNDS: usize = 20;
/// A day, in milliseconds.
pub const DAY_MS: i64 = 24 * 3_600_000;
/// Conversations with replies that are watched for whether their visitors see them; the router finds others when it
/// starts.
pub const REPLIES_WATCHED: usize = 10_000;
/// Replies that are looked at for one e-mail.
pub const REPLIES_LOOKED_AT: i64 = 50;
/// How far back a router that starts looks for replies that nobody has seen, in milliseconds.
pub const REPLIES_CAUGHT_UP_MS: i64 = 6 * 3_600_000;
/// How old the settings may be by which replies are watched, in milliseconds.
pub const MAIL_SETTINGS_MS: i64 = 30_000;
/// E-mails that are sent at a time.
pub const MAILS_AT_ONCE: i64 = 8;
/// E-mails and links that are forgotten at a time.
pub const MAILS_SWEPT: i64 = 64;
