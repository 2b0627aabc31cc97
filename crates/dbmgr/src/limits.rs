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
/// How long one may be at work in a thread that has the core only when nobody else wants it, before it is done where it gets
/// some of it: several times what it takes.
pub const HASH_PATIENCE: Duration = Duration::from_millis(200);
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
/// About how many bytes the greetings of one call may have: they must fit into one message of the bus, which is 1 MiB.
pub const GREET_BYTES: usize = 896 * 1024;
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
/// Automations are asked what they have done for this long after an admin has looked at them.
pub const LOOKED_AT: Duration = Duration::from_secs(30);
/// An automation counts as failing this long after a turn failed, in milliseconds.
pub const FAILING_MS: i64 = 60_000;
/// Longest title of an automation, in characters.
pub const TITLE_CHARS: usize = 80;
/// Longest description of an automation, in characters.
pub const DESCRIPTION_CHARS: usize = 500;
/// Canned replies of one holder: an agent, a team, or everybody.
pub const CANNED_REPLIES: i64 = 500;
/// Saved views that an agent may have of its own.
pub const OWN_VIEWS: i64 = 50;
/// Saved views for everybody.
pub const SHARED_VIEWS: i64 = 50;
/// Conversations in one call that indexes.
pub const INDEX_CONVERSATIONS: usize = 256;
/// Entries that one transaction indexes: on SQLite a batch of messages waits for it, a few milliseconds.
pub const INDEX_ENTRIES: i64 = 128;
/// Words after which such a transaction ends as well.
pub const INDEX_WORDS: usize = 8_000;
/// Conversations looked at together for what is not indexed yet.
pub const INDEX_LOOKS: i64 = 1_000;
/// Lines that one transaction takes out of the index.
pub const FORGOTTEN_LINES: i64 = 100;
/// Lines in one answer to a search.
pub const SEARCH_HITS: i64 = 100;
/// Pages of the index read at first, and then, and so on: what is frequent is found in the newest.
pub const SEARCH_STEPS: [i64; 3] = [2, 8, 32];
/// The same from then on, and lines that are looked at together.
pub const SEARCH_AT_ONCE: i64 = 64;
/// Pages of the index that one search looks through: two million messages; the next page goes on.
pub const SEARCH_PAGES: i64 = 512;
/// Lines that one search looks at, which may all be others' to see.
pub const SEARCH_LINES: usize = 2_048;
/// Searches carried out at a time, which leaves readers of the database to others.
pub const SEARCHES: usize = 2;
/// Searches that may wait for their turn.
pub const SEARCHES_WAITING: usize = 256;
/// Searches of articles carried out at a time: each computes, and holds a reader of the database meanwhile.
pub const ARTICLE_SEARCHES: usize = 2;
/// Searches of articles that may wait for their turn; more are told to come back.
pub const ARTICLE_SEARCHES_WAITING: usize = 256;
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
/// Conversations with replies that are watched for whether their visitors see them; the one that routes finds others.
pub const REPLIES_WATCHED: usize = 10_000;
/// Replies that are looked at for one e-mail.
pub const REPLIES_LOOKED_AT: i64 = 50;
/// How far back one that begins to route looks for replies that nobody has seen, beside the time for which they wait, in
/// milliseconds: as long as everything may have been down.
pub const REPLIES_CAUGHT_UP_MS: i64 = 6 * 3_600_000;
/// How often it looks for those of others then, in milliseconds.
pub const REPLIES_LOOK_EVERY_MS: i64 = 5 * 60_000;
/// And after it could not, in milliseconds.
pub const REPLIES_LOOK_AGAIN_MS: i64 = 10_000;
/// It looks so long before the last time, in milliseconds: longer than the database lets a transaction live.
pub const REPLIES_OVERLAP_MS: i64 = 120_000;
/// How old the settings may be by which replies are watched, in milliseconds.
pub const MAIL_SETTINGS_MS: i64 = 30_000;
/// E-mails that are sent at a time.
pub const MAILS_AT_ONCE: i64 = 8;
/// Transcripts by e-mail that a visitor, and a mailbox, gets in [`TRANSCRIPTS_MS`]: nobody floods somebody's mailbox.
pub const TRANSCRIPTS: usize = 5;
/// See [`TRANSCRIPTS`], in milliseconds.
pub const TRANSCRIPTS_MS: i64 = 24 * 3_600_000;
/// Transcripts by e-mail that leave the house in [`TRANSCRIPTS_HOUSE_MS`]: its name is not spent on what strangers write.
pub const TRANSCRIPTS_HOUSE: usize = 200;
/// See [`TRANSCRIPTS_HOUSE`], in milliseconds.
pub const TRANSCRIPTS_HOUSE_MS: i64 = 3_600_000;
/// Transcripts of [`TRANSCRIPTS_MS`] that are looked at: all, as many as the house may send.
pub const TRANSCRIPTS_COUNTED: i64 = 24 * 200;
/// Entries in a transcript by e-mail, the newest ones.
pub const TRANSCRIPT_ENTRIES: i64 = 500;
/// Bytes of its lines, the last ones.
pub const TRANSCRIPT_BYTES: usize = 256 * 1_024;
/// E-mails and links that are forgotten at a time.
pub const MAILS_SWEPT: i64 = 64;
/// Mentions that an agent has looked at are kept this long, in milliseconds.
pub const MENTIONS_KEPT_MS: i64 = 30 * DAY_MS;
/// How often it is noted that a supervisor watches, and told to agents, in milliseconds: they show it for 25 s.
pub const WATCH_NOTED_MS: i64 = 10_000;
/// After so long without a look a supervisor's next one is a new sitting, in milliseconds.
pub const WATCH_SITTING_MS: i64 = 5 * 60_000;
/// Conversations that one merge moves at most; its transaction must stay short.
pub const MERGED_CONVERSATIONS: i64 = 200;
/// Entries in them together, at most.
pub const MERGED_ENTRIES: i64 = 10_000;
/// Most guides of an installation.
pub const GUIDES: i64 = 100;
/// How long a web hook that is only tried may take, in milliseconds: less than the call that has it tried.
pub const HOOK_TRIAL_MS: i64 = 8_000;
/// Most automations behind web hooks.
pub const HOOKS: i64 = 50;
/// How long requests are signed with the secret before as well, in milliseconds: a day.
pub const OLD_SECRET_MS: i64 = 24 * 60 * 60 * 1_000;
/// Most servers outside that are told what happens.
pub const WEBHOOKS: i64 = 20;
/// How often it is looked who is told what, beside every notice that this has changed.
pub const TELL_LOOK_EVERY: Duration = Duration::from_secs(60);
/// The pause after something went wrong, and the shortest one of a server's task.
pub const TELL_LOOK_AGAIN: Duration = Duration::from_millis(250);
/// How often it is looked for logs that have grown unheard, while anybody is told anything.
pub const TELL_SCAN_EVERY: Duration = Duration::from_secs(30);
/// How long after a notice others are waited for, to be noted with it.
pub const TELL_PAUSE: Duration = Duration::from_millis(30);
/// Logs are read back to so long before the last complete look, in milliseconds: far longer than the database lets an
/// open transaction live whose process is stopped.
pub const TELL_OVERLAP_MS: i64 = 120_000;
/// How often it is written down up to when everything is noted, in milliseconds, while nothing happens.
pub const TELL_MARK_MS: i64 = 600_000;
/// Entries of a log, and logs, that one statement reads.
pub const TELL_ENTRIES: i64 = 200;
/// Tries at noting what fails, before it is gone on without it; and failures in a row before they are said aloud.
pub const TELL_TRIES: u32 = 3;
/// Failures in a row after which they are said aloud once more: a minute of them.
pub const TELL_TRIES_SAID: u32 = 240;
/// Logs noted by one transaction.
pub const TELL_AT_ONCE: usize = 32;
/// Logs of which it is remembered how far they are noted.
pub const TELL_PLACES: usize = 20_000;
/// How long deliveries are kept that are done, in milliseconds: two weeks.
pub const TELL_KEPT_MS: i64 = 14 * DAY_MS;
/// How often that is looked after while no server is told anything.
pub const TELL_SWEEP_EVERY: Duration = Duration::from_secs(3_600);
/// Such deliveries forgotten by one transaction.
pub const TELL_SWEPT: i64 = 500;
/// Longest time for which a server that is told too much, and says until when, is left alone altogether: a quarter of an
/// hour. What it refused waits for longer if it says so.
pub const TELL_QUIET: Duration = Duration::from_secs(900);
/// For how long an automation behind a web hook that was deleted is not found anew: longer than discovery takes, milliseconds.
pub const HOOK_GONE_MS: i64 = 60_000;
/// Deliveries that may wait for one server; with more it is told nothing further, with twice as many also when it takes
/// them.
pub const TELL_WAITING: i64 = 100_000;
/// By which part of the attempts, at random, it is counted how many wait.
pub const TELL_COUNTED: u128 = 64;
/// What waits is also counted each time that this part of the limit was noted, so that a queue is not sent from unnoticed.
pub const TELL_NOTED: i64 = 100;
/// Deliveries that were given up and are tried again by one transaction.
pub const REPLAYED: i64 = 10_000;
/// Such transactions of one call.
pub const REPLAYED_PIECES: u32 = 100;
/// Deliveries read together for one server.
pub const TELL_ROWS: i64 = 64;
/// Deliveries to one server under way at a time.
pub const TELL_AT_A_TIME: usize = 8;
/// How long one may take.
pub const TELL_DEADLINE: Duration = Duration::from_secs(10);
/// Longest sleep of a server's task while nothing is due.
pub const TELL_SLEEP: Duration = Duration::from_secs(60);
/// The first rest when nothing is answered well, twice as long each time.
pub const TELL_REST: Duration = Duration::from_secs(1);
/// The longest rest.
pub const TELL_REST_LONGEST: Duration = Duration::from_secs(60);
/// Characters of an answer that are kept.
pub const TELL_SAID_CHARS: usize = 300;

/// How often each dbmgr reads the rules again, beside every notice that they have changed.
pub const RULES_LOOK_EVERY: Duration = Duration::from_secs(60);
/// The pause after something went wrong.
pub const RULES_LOOK_AGAIN: Duration = Duration::from_millis(500);
/// How long after a notice others are waited for, to be looked at with it.
pub const RULES_PAUSE: Duration = Duration::from_millis(20);
/// How often it is looked for logs that have grown unheard, while a rule looks at messages.
pub const RULES_SCAN_EVERY: Duration = Duration::from_secs(30);
/// How often it is written down up to when rules have seen everything, in milliseconds, while none fires.
pub const RULES_MARK_MS: i64 = 600_000;
/// How often it is looked who waits, and which team has opened or closed, while a rule watches for that.
pub const RULES_WAIT_LOOK: Duration = Duration::from_secs(5);
/// After how long a wait is looked at again whose conditions did not hold, in milliseconds.
pub const RULES_WAIT_AGAIN_MS: i64 = 30_000;
/// Waiting conversations read by one statement.
pub const RULES_WAITING: i64 = 1_000;
/// How long after a team has opened or closed its conversations are looked at, in milliseconds: longer than a commit is
/// usually on its way.
pub const RULES_TURN_SETTLE_MS: i64 = 5_000;
/// Conversations read by one statement of a team that has opened or closed.
pub const RULES_TURNED: i64 = 500;
/// How long it is kept what became of rules, in milliseconds: 90 days.
pub const RULES_KEPT_MS: i64 = 90 * DAY_MS;
/// Such runs forgotten by one transaction.
pub const RULES_FORGOTTEN: i64 = 500;
/// How often they are forgotten.
pub const RULES_FORGET_EVERY: Duration = Duration::from_secs(3_600);
