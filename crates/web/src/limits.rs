//! The edge's own bounds, each with its unit. Those an operator may change are in [`crate::WebConfig`].

use std::time::Duration;

/// How long a call to a dbmgr may take before the caller is told to try again.
pub const CALL_DEADLINE: Duration = Duration::from_secs(10);
/// A dbmgr that has had a list of messages for so long is asked whether it is still there, and so often from then on.
pub const LANE_LOOK: Duration = Duration::from_millis(300);
/// How long messages wait for a bus or dbmgr that is away before their senders are told to try again, and how often it
/// is tried meanwhile.
pub const BUS_PATIENCE: Duration = Duration::from_secs(2);
/// See [`BUS_PATIENCE`].
pub const BUS_PAUSE: Duration = Duration::from_millis(50);
/// How long nodes have to say that they are there.
pub const ROLL_CALL: Duration = Duration::from_millis(500);
/// How many may ask this at a time on one node.
pub const ROLL_CALLS: usize = 16;
/// Most nodes that are told of.
pub const ROLL_NODES: usize = 256;
/// How long the headers of a request may take to arrive.
pub const HEADER_DEADLINE: Duration = Duration::from_secs(10);
/// How long the body of a request may take to arrive.
pub const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// How long a piece of a file (256 KiB) may take to arrive.
pub const PIECE_DEADLINE: Duration = Duration::from_secs(30);
/// Files that one node takes at a time; each has at most two pieces in memory.
pub const UPLOADS: usize = 64;
/// How many of them one address has at a time, so that one who sends nothing keeps nobody else out.
pub const UPLOADS_PER_ADDRESS: usize = 16;
/// Files that one node gives at a time; each has at most two pieces in memory.
pub const DOWNLOADS: usize = 128;
/// How many of them the visitors of one address have at a time, so that one who does not read keeps nobody else out.
pub const DOWNLOADS_PER_ADDRESS: usize = 32;
/// When an address with too many of either may come back.
pub const FILES_AGAIN: Duration = Duration::from_secs(5);
/// How long a download may wait for its turn.
pub const DOWNLOAD_WAIT: Duration = Duration::from_secs(10);
/// How much of a file that is refused is read to its end, in bytes, so that its sender hears why.
pub const DRAIN_BYTES: usize = 64 * 1024 * 1024;
/// How long the next part of it is waited for.
pub const DRAIN_PAUSE: Duration = Duration::from_secs(2);
/// How long that may take in all.
pub const DRAINED_WITHIN: Duration = Duration::from_secs(10);
/// Largest head of a request, in bytes.
pub const HEAD_BYTES: usize = 16 * 1024;
/// Most header fields of a request.
pub const HEADER_FIELDS: usize = 64;
/// How long the other end may take nothing at all of an answer: longer than a socket may take to be told that it is too
/// slow, which is twice [`WRITE_DEADLINE`].
pub const ANSWER_DEADLINE: Duration = Duration::from_secs(25);
/// How long a connection that we have closed may say nothing before it is let go.
pub const LINGER_QUIET: Duration = Duration::from_millis(100);
/// How long it may go on sending, so that it still finds the answer which it did not expect.
pub const LINGER_DEADLINE: Duration = Duration::from_secs(2);
/// And how much, in bytes.
pub const LINGER_BYTES: usize = 8 * 1024 * 1024;
/// Most connections of one node, sockets included.
pub const CONNECTIONS: usize = 16_384;
/// Connections beside its sockets that one address may have, for each socket that it may have.
pub const CONNECTIONS_PER_SOCKET: usize = 10;
/// How long a round trip to database and bus may take before the node says that it is not ready.
pub const READY_DEADLINE: Duration = Duration::from_secs(2);
/// How long sockets and requests may take to end when the node stops.
pub const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// Clients of a node that stops come back within this, at random.
pub const RESTART_SPREAD: Duration = Duration::from_secs(10);

/// Entries of a transcript that are asked for at a time.
pub const TRANSCRIPT_PAGE: i64 = 200;
/// Entries after which a transcript ends.
pub const TRANSCRIPT_ENTRIES: usize = 10_000;

/// Transcripts by e-mail that the visitors of one address ask for in an hour, over time.
pub const TRANSCRIPTS_PER_H: f64 = 20.0;
/// And at once.
pub const TRANSCRIPTS_BURST: f64 = 10.0;

/// How long an agent waits for the assistant; it gives up before.
pub const ASSIST_DEADLINE: Duration = Duration::from_secs(20);
/// Entries that it is shown, the newest.
pub const ASSIST_ENTRIES: i64 = 100;
/// Bytes of their texts.
pub const ASSIST_BYTES: usize = 96 * 1024;
/// How often an agent may ask it, over time: drafts cost somebody's money.
pub const ASSISTS_PER_MIN: f64 = 10.0;
/// And at once.
pub const ASSISTS_BURST: f64 = 6.0;

/// Messages and notes in one request to a dbmgr, together, in bytes of text.
pub const APPEND_BYTES: usize = 256 * 1024;
/// Messages and notes of one lane that may wait for the request before them.
pub const APPENDS_WAITING: usize = 4_096;

/// Read and write buffer of a socket, in bytes.
pub const SOCKET_BUFFER_BYTES: usize = 2 * 1024;
/// How long a socket may be open without a `hello`.
pub const HELLO_DEADLINE: Duration = Duration::from_secs(10);
/// Events that may wait for one socket.
pub const OUTBOX_FRAMES: usize = 256;
/// Bytes that may wait for one socket.
pub const OUTBOX_BYTES: usize = 1024 * 1024;
/// Of those, how many replayed entries may wait at a time; the replay goes on as they leave.
pub const REPLAY_FRAMES: usize = 64;
/// Of those, how many bytes of replayed entries.
pub const REPLAY_BYTES: usize = 256 * 1024;
/// How long one write to a socket may take.
pub const WRITE_DEADLINE: Duration = Duration::from_secs(10);
/// Seconds between two pings.
pub const PING_EVERY_S: u64 = 20;
/// Seconds of silence after which a socket is closed.
pub const SILENCE_S: u64 = 45;
/// Frames that one socket may send at once, in seconds of its rate.
pub const FRAMES_BURST_S: f64 = 4.0;
/// How long a socket is not read after a frame too many, at most: so much at least lies between two refusals.
pub const EXCESS_PAUSE: Duration = Duration::from_millis(20);
/// Conversations of others that an agent's socket may follow at a time.
pub const FOLLOWED_OTHERS: usize = 20;
/// Conversations that one `hello` may resume, and that may wait for their replay.
pub const RESUMES: usize = 128;
/// Visitors' hellos in one question to a dbmgr.
pub const GREETINGS: usize = 64;
/// By which part of its length a list grows again after one that was too long.
pub const ROOM_GROWS: usize = 8;
/// Such questions under way at a time.
pub const GREETERS: usize = 2;
/// How long a visitor's hello may wait for its answer when very many come at once.
pub const GREET_DEADLINE: Duration = Duration::from_secs(30);
/// Replays of one node that run at a time.
pub const REPLAYS: usize = 64;
/// How often somebody is told that somebody is typing.
pub const TYPING_EVERY: Duration = Duration::from_secs(3);
/// How often agents are told what a visitor is typing.
pub const PREVIEW_EVERY: Duration = Duration::from_secs(1);
/// For how long a node believes what the settings said about that.
pub const PREVIEW_ASKED: Duration = Duration::from_secs(10);
/// How often others are told that an agent is looking.
pub const LOOKING_EVERY: Duration = Duration::from_secs(5);
/// How often a read position is stored.
pub const READ_EVERY: Duration = Duration::from_secs(2);

/// Entries of one conversation kept in memory for those who come back.
pub const RING_ENTRIES: usize = 64;
/// Bytes of them.
pub const RING_BYTES: usize = 64 * 1024;
/// Entries of a conversation that a reader gets without having asked, when it appears.
pub const APPEARED_ENTRIES: i64 = 50;
/// Notices remembered across all conversations, for readers who are just being added.
pub const RECENT_NOTICES: usize = 4_096;
/// A dbmgr that has not been heard of for so long may have been telling things that we did not hear.
pub const BEAT_MISSED: Duration = Duration::from_secs(3);
/// Over how long a repair of many conversations is spread.
pub const REPAIR_SPREAD: Duration = Duration::from_secs(1);
/// Ids in one question for states or summaries.
pub const BULK_IDS: usize = 256;
/// How long changes are gathered for agents' lists.
pub const LIST_EVERY: Duration = Duration::from_millis(250);
/// The same while so much changes that lists would take a large part of a busy node, see [`LIST_REST`].
pub const LIST_EVERY_MAX: Duration = Duration::from_secs(1);
/// How many times as long as it took to show changes nothing is shown then.
pub const LIST_REST: u32 = 10;
/// Frames that may wait for an agent's socket when rows of lists are added.
pub const LIST_ROOM: usize = OUTBOX_FRAMES / 2;
/// Conversations whose team is remembered, so that agents are told when they lose sight of one.
pub const LIST_TEAMS: usize = 8_192;
/// How often a changed place in the queue is shown.
pub const QUEUE_EVERY: Duration = Duration::from_secs(10);

/// How often the leases of staff sessions are asked for.
pub const LEASE_EVERY: Duration = Duration::from_millis(500);
/// How long a lease is good, counted from when it was asked for.
pub const LEASE_GOOD: Duration = Duration::from_secs(1);
/// How long the answer may take.
pub const LEASE_DEADLINE: Duration = Duration::from_secs(1);
/// Without an answer for so long, staff sockets are closed; their sessions stay good.
pub const LEASE_LOST: Duration = Duration::from_secs(5);
/// How often an open socket counts as use of its session.
pub const TOUCH_EVERY: Duration = Duration::from_secs(60);
/// How often the router is told which agents are here, beside every change.
pub const HERE_EVERY: Duration = Duration::from_secs(10);
/// How often a node with sockets of visitors asks which of them may be here no more. Notices say so at once, and a gap in
/// what is told makes it ask; this is for a row that was written by hand.
pub const CUT_OFF_EVERY: Duration = Duration::from_secs(20);
/// How soon it asks again when there was no answer.
pub const CUT_OFF_AGAIN: Duration = Duration::from_secs(1);
/// How long the answer may take.
pub const CUT_OFF_DEADLINE: Duration = Duration::from_secs(1);
/// It asks for those since the last answer and of so much time before: more than clocks differ and commits take.
pub const CUT_OFF_MARGIN: Duration = Duration::from_secs(60);
/// Largest export of a visitor, in bytes; it is put together in memory.
pub const EXPORT_BYTES: usize = 32 * 1024 * 1024;
/// Waiting conversations whose estimate a node remembers.
pub const ESTIMATES: usize = 20_000;

/// Help pages that one address may read over time, in pages a second.
pub(crate) const HELP_PAGES_PER_S: f64 = 5.0;
/// Help pages that one address may read at once, in pages.
pub(crate) const HELP_PAGES_BURST: f64 = 60.0;
