//! What an answer may cost.

use std::time::Duration;

/// Everything that one turn takes, from its first attempt to the reply.
pub const WHOLE: Duration = Duration::from_secs(19);
/// How often it is said that it is at it.
pub const BEAT: Duration = Duration::from_secs(2);
/// For how long each time: when the process dies, the turn is tried again this soon.
pub const BEAT_HOLDS_MS: u64 = 4_000;
/// How long a summary for whoever takes over may take; without one the conversation is handed over all the same.
pub const SUMMARY: Duration = Duration::from_secs(6);
/// A refused request is tried once more, after this.
pub const PAUSE: Duration = Duration::from_millis(400);
/// And only while so much time is left.
pub const WORTH_A_TRY: Duration = Duration::from_secs(3);
/// How often what is being written is shown.
pub const SHOW_EVERY: Duration = Duration::from_millis(500);
/// Largest answer of an endpoint, its protocol included, in bytes.
pub const STREAM_BYTES: usize = 2 * 1024 * 1024;
/// Longest line of a stream, in bytes.
pub const LINE_BYTES: usize = 256 * 1024;
/// Longest text that is taken of a model, in characters. The longest message has 8,000; sources come behind it.
pub const TEXT_CHARS: usize = 6_000;
/// Longest first line, in characters.
pub const HEADER_CHARS: usize = 300;
/// Articles that an answer is built on.
pub const ARTICLES: usize = 4;
/// Characters of one of them.
pub const ARTICLE_CHARS: usize = 3_000;
/// Earlier messages that the model is told, and their characters together; the newest count.
pub const HISTORY: usize = 12;
/// Characters of all of them.
pub const HISTORY_CHARS: usize = 8_000;
/// Characters of what a visitor has written since the last answer, of many messages the newest; the longest message fits.
pub const QUESTION_CHARS: usize = 8_000;
/// Lines of a conversation that is summarised, or answered for an agent.
pub const LINES: usize = 60;
/// Characters of all of them.
pub const LINES_CHARS: usize = 24_000;
/// Visitor's newest messages for which articles are looked up when an agent wants a draft.
pub const QUESTIONS: usize = 3;
/// Visitor's messages from which a summary is worth its time.
pub const SUMMARY_FROM: usize = 2;
/// Characters that count as a token where the endpoint does not say.
pub const CHARS_PER_TOKEN: usize = 4;
/// Drafts and summaries under way at a time in one process.
pub const HELPED_AT_ONCE: usize = 8;
/// How long one of them may take.
pub const HELP: Duration = Duration::from_secs(18);
/// Most tokens of a summary.
pub const SUMMARY_TOKENS: u32 = 300;
