//! How often and how much.

use std::time::Duration;

/// How often it is looked which web hooks there are, beside every notice that they have changed.
pub const LOOK_EVERY: Duration = Duration::from_secs(60);
/// How soon it is looked again when nobody answered.
pub const LOOK_AGAIN: Duration = Duration::from_secs(2);
/// The first pause before it is begun again when a bus refused something, twice as long each time.
pub const BEGIN_AGAIN: Duration = Duration::from_millis(500);
/// The longest such pause.
pub const BEGIN_AGAIN_LONGEST: Duration = Duration::from_secs(30);
/// Longest request, headers not counted, that is sent: a turn with its history.
pub const BODY_BYTES: usize = 512 * 1024;
/// Characters of an answer that an admin is shown when it is no reply.
pub const EXCERPT_CHARS: usize = 120;
/// Less time than the turn has, so that what was wrong is said before the turn is over.
pub const MARGIN: Duration = Duration::from_millis(50);
