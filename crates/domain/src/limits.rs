//! Limits, in one place, each with its unit. Those an operator may change are defaults of the configuration.

use crate::clock::Millis;

/// Longest message or note, in characters after trimming.
pub const TEXT_CHARS: usize = 8_000;
/// Largest HTTP body and socket frame, in bytes.
pub const BODY_BYTES: usize = 64 * 1024;
/// Longest name shown to people (display name, team, visitor), in characters.
pub const NAME_CHARS: usize = 80;
/// Longest e-mail address, in characters (RFC 5321, 4.5.3.1.3 less the angle brackets).
pub const EMAIL_CHARS: usize = 254;
/// Longest page address kept of a visitor, in characters.
pub const PAGE_CHARS: usize = 500;
/// Most conversations handed to an agent at once, unless the admin says otherwise.
pub const DEFAULT_CAPACITY: i64 = 4;
/// Largest capacity that an admin may give.
pub const MAX_CAPACITY: i64 = 1_000;
/// How long an agent has for the first answer to an assigned conversation, by default.
pub const DEFAULT_ANSWER_MS: Millis = 60_000;
/// How long an automation has for one attempt at a turn, by default.
pub const DEFAULT_TURN_DEADLINE_MS: Millis = 5_000;
/// Bounds of an automation's deadline.
pub const TURN_DEADLINE_MS: std::ops::RangeInclusive<Millis> = 100..=60_000;
/// The longest that `working` frames can stretch one attempt, in all.
pub const TURN_EXTENDED_MS: Millis = 60_000;
/// Attempts at one turn before the conversation goes to people.
pub const TURN_ATTEMPTS: i64 = 3;
/// Automation messages in a row without the visitor; what would pass it is dropped and people take over.
pub const AUTOMATION_STREAK: usize = 10;
/// Newest entries given to an automation as history.
pub const TURN_HISTORY: usize = 20;
/// Most tags on a conversation, and the longest of them in characters.
pub const TAGS: usize = 20;
/// Longest tag, in characters.
pub const TAG_CHARS: usize = 40;
/// Most choices offered by one message, and the longest label or value in characters.
pub const CHOICES: usize = 20;
/// Longest label or value of a choice, in characters.
pub const CHOICE_CHARS: usize = 200;
/// Characters of a message shown in lists.
pub const PREVIEW_CHARS: usize = 120;
/// Largest page of a list, in items.
pub const PAGE_ITEMS: i64 = 200;
/// A page of a list ends at this size too, in bytes.
pub const PAGE_BYTES: usize = 256 * 1024;
/// Queue places are exact up to this one; beyond it the next number means "more than".
pub const QUEUE_EXACT: i64 = 20;
/// Longest snooze.
pub const SNOOZE_MS: Millis = 366 * 24 * 3_600_000;
/// A session ends after this long without use.
pub const SESSION_IDLE_MS: Millis = 30 * 60_000;
/// A session ends this long after sign-in, used or not.
pub const SESSION_ABSOLUTE_MS: Millis = 12 * 3_600_000;
/// Conversations that one visitor may have open at once.
pub const VISITOR_OPEN_CONVERSATIONS: i64 = 50;
/// Rows in one commit of the append writer.
pub const BATCH_ROWS: usize = 512;
/// Longest report, in days.
pub const REPORT_DAYS: i32 = 92;
/// Conversations that one report or export is made of at most.
pub const REPORT_ROWS: i64 = 100_000;
/// Largest file in a conversation, in bytes.
pub const FILE_BYTES: i64 = 10 * 1024 * 1024;
/// Files are stored and travel in pieces of this size, in bytes: base64 makes a third more of it, and a message of the
/// bus has at most 1 MiB.
pub const FILE_CHUNK_BYTES: usize = 256 * 1024;
/// Most files of one message or note.
pub const FILES_PER_MESSAGE: usize = 5;
/// All files of one conversation together, in bytes.
pub const CONVERSATION_FILES_BYTES: i64 = 200 * 1024 * 1024;
/// Files that one visitor may upload in a minute.
pub const VISITOR_UPLOADS_PER_MIN: u32 = 20;
/// What the visitors of one address may upload in an hour, in MiB.
pub const ADDRESS_UPLOAD_MIB_PER_H: u32 = 500;
/// Longest name of a file, in characters.
pub const FILE_NAME_CHARS: usize = 120;
/// An upload that is not finished is given up after this long.
pub const FILE_OPEN_MS: Millis = 3_600_000;
/// A file that no message has come to name is given up after this long.
pub const FILE_UNSENT_MS: Millis = 24 * 3_600_000;
/// Most colleagues whom one private note calls.
pub const MENTIONS: usize = 20;
/// How much of what a visitor is typing an agent is shown, in characters.
pub const PREVIEWED_CHARS: usize = 300;
