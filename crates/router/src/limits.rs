//! The router's bounds and times, in one place.

use std::time::Duration;

/// How long the router waits for the answer to a call.
pub const CALL: Duration = Duration::from_secs(5);
/// Pause after a call that failed for want of a dbmgr or a database, before the next try.
pub const CALL_AGAIN: Duration = Duration::from_millis(500);

/// After the first hint, this long further ones are gathered before the board is read.
pub const ASSIGN_GATHER: Duration = Duration::from_millis(20);
/// How often the board is read while a conversation waits.
pub const ASSIGN_WHILE_WAITING: Duration = Duration::from_secs(1);
/// How often it is read while none does, in case a notice was lost.
pub const ASSIGN_WHILE_IDLE: Duration = Duration::from_secs(20);
/// With more waiting than this, all of the board is read only as often as it would be without hints.
pub const ASSIGN_CROWD: i64 = 500;
/// Assignments under way at a time.
pub const ASSIGN_AT_ONCE: usize = 16;

/// Shortest time between two notices of one conversation's place in the queue (contract §3).
pub const PLACE_EVERY: Duration = Duration::from_secs(10);
/// Places told in one notice.
pub const PLACES_PER_NOTICE: usize = 500;
/// An estimate looks back this far.
pub const PACE_WINDOW: Duration = Duration::from_secs(15 * 60);
/// Conversations that must have left a queue within the window before an estimate is given.
pub const PACE_BASIS: usize = 3;
/// Departures remembered per queue.
pub const PACE_MEMORY: usize = 32;
/// Estimates are multiples of this, so that they do not change at every look.
pub const ESTIMATE_STEP: Duration = Duration::from_secs(60);
/// Beyond this an estimate says nothing.
pub const ESTIMATE_MAX: Duration = Duration::from_secs(2 * 3_600);

/// Turns at all automations at a time; how many one may have an admin says, 64 at first.
pub const TURNS: usize = 1_024;
/// Conversations whose turns are known: looked at, out, or in line. What is beyond is found again when it is
/// due.
pub const TURNS_KNOWN: usize = 16_384;
/// Hints about turns that may wait for the room that hands them out.
pub const TURN_HINTS: usize = 16_384;
/// Turns that are fetched at a time.
pub const TURN_LOOKS: usize = 32;
/// Pause after a failed attempt: after the first, after the second.
pub const TURN_RETRY: [Duration; 2] = [Duration::from_millis(200), Duration::from_secs(1)];
/// The same when no instance was there: longer, for an instance that is being restarted.
pub const TURN_RETRY_ABSENT: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(2)];
/// Largest reply, in bytes.
pub const REPLY_BYTES: usize = 256 * 1024;
/// How long a reply or a failure is offered to a database that is away; then the turn, still due, starts again.
pub const TURN_PERSIST: Duration = Duration::from_secs(60);
/// How often turns that wait in line for their automation are looked through for those that waited too long.
pub const LINE_LOOK: Duration = Duration::from_millis(250);
/// Typing is told at most this often for one turn.
pub const TYPING_EVERY: Duration = Duration::from_secs(2);
/// The same with what is being written.
pub const WRITING_EVERY: Duration = Duration::from_millis(400);
/// Longest error text kept of an automation, in characters.
pub const ERROR_CHARS: usize = 500;

/// How often what is due is asked for while something is planned.
pub const DUE_EVERY: Duration = Duration::from_secs(1);
/// How often while nothing is; notices make turns start sooner.
pub const DUE_WHILE_IDLE: Duration = Duration::from_millis(2_500);
/// Shortest pause between two questions.
pub const DUE_PAUSE: Duration = Duration::from_millis(50);
/// Rows asked for at first; doubled while the answer is full, so that turns in line hide nothing.
pub const DUE_ROWS: i64 = 512;
/// Most rows asked for.
pub const DUE_ROWS_MAX: i64 = 8_192;
/// Lapses and ends of snoozes under way at a time.
pub const DUE_AT_ONCE: usize = 16;

/// A console is there for this long after its node last said so; nodes say so every ten seconds.
pub const HERE_LEASE: Duration = Duration::from_secs(25);
/// How long an agent may be gone before the conversations go back to the queue; a reload takes less.
pub const HERE_GRACE: Duration = Duration::from_secs(30);
/// How often leases are looked through.
pub const HERE_LOOK: Duration = Duration::from_secs(1);
/// When looking was late by more than this, the process was stopped and has heard nothing meanwhile.
pub const HERE_STOPPED: Duration = Duration::from_secs(5);
/// Agents who have vanished that are retired at a time.
pub const HERE_AT_ONCE: usize = 16;
/// Nodes remembered.
pub const HERE_NODES: usize = 1_024;

/// How often changes by hand in SQL are put right.
pub const SWEEP_EVERY: Duration = Duration::from_secs(2);

/// After the first hint, this long further ones are gathered before what was written is indexed.
pub const INDEX_GATHER: Duration = Duration::from_secs(1);
/// The rest after a piece was indexed, as a multiple of what it took.
pub const INDEX_REST: u32 = 9;
/// The shortest such rest.
pub const INDEX_REST_MIN: Duration = Duration::from_millis(20);
/// Conversations indexed at a time.
pub const INDEX_AT_ONCE: usize = 128;
/// Tries at a piece that fails, before its halves are tried, and one conversation is left out at last.
pub const INDEX_TRIES: u32 = 3;
/// Conversations remembered that have something to be indexed; beyond it all are looked through.
pub const INDEX_KNOWN: usize = 16_384;
/// Conversations looked at together for what is not indexed.
pub const INDEX_LOOK: i64 = 1_000;
/// After this long all are looked through once more, if anything has happened since: a notice may have been lost.
pub const INDEX_LOOK_AGAIN: Duration = Duration::from_secs(3_600);

/// How often services are asked who they are.
pub const DISCOVER_EVERY: Duration = Duration::from_secs(6);
/// What was found is recorded every so many times, when nothing has changed: often enough that it counts as up.
pub const DISCOVER_RECORD: u32 = 3;
/// How long they may take to answer.
pub const DISCOVER_WAIT: Duration = Duration::from_secs(1);
/// Automations that are asked at a time under their own name, when they are new or say something new.
pub const CONFIRM_AT_ONCE: usize = 64;
/// How long they may take to answer that.
pub const CONFIRM_WAIT: Duration = Duration::from_millis(500);
/// How often they are asked in one look before they have to wait for the next one. All of it ends within ten seconds
/// of an automation's start, which is promised: DISCOVER_EVERY + DISCOVER_WAIT + 3 × CONFIRM_WAIT + 2 × CONFIRM_AGAIN.
pub const CONFIRM_TRIES: u32 = 3;
/// Between two times.
pub const CONFIRM_AGAIN: Duration = Duration::from_millis(250);
/// Automations recorded at a time.
pub const DISCOVER_FOUND: usize = 256;
/// Longest description kept, in characters.
pub const DESCRIPTION_CHARS: usize = 500;
