//! Whether agents may be shown what visitors are typing. Asked when a visitor's client shows it, and not more often than
//! the answer is believed: an installation that does not want it asks nothing.

use crate::edge::Shared;
use crate::limits::PREVIEW_ASKED;
use std::sync::{Arc, Mutex, PoisonError};
use switchboard_wire::Credential;
use switchboard_wire::call::edge::GetPreviews;
use tokio::time::Instant;

/// What is known of it.
#[derive(Debug, Default)]
pub(crate) struct Previews {
    known: Mutex<Known>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Known {
    allowed: bool,
    /// When it was last asked for.
    asked: Option<Instant>,
}

impl Previews {
    /// Whether it is allowed as far as known, and whether it is time to ask.
    fn look(&self, now: Instant) -> (bool, bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let within =
            |known: &Known, age| known.asked.is_some_and(|at| now.saturating_duration_since(at) < age);
        let fresh = within(&known, PREVIEW_ASKED);
        if !fresh {
            // Nobody else asks meanwhile. What was allowed long ago is not until the answer is there.
            let allowed = known.allowed && within(&known, PREVIEW_ASKED * 2);
            *known = Known { allowed, asked: Some(now) };
        }
        (known.allowed, !fresh)
    }

    fn answered(&self, allowed: bool) {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).allowed = allowed;
    }
}

/// Whether it is allowed. Until the answer is there it is not: what is typed then comes with the next key.
pub(super) fn allowed(edge: &Shared) -> bool {
    let (allowed, ask) = edge.previews.look(Instant::now());
    if ask {
        let edge = Arc::clone(edge);
        tokio::spawn(async move {
            match edge.ask(Credential::Component, GetPreviews {}).await {
                Ok(allowed) => edge.previews.answered(allowed),
                Err(failure) => {
                    edge.previews.answered(false);
                    tracing::debug!(%failure, "nobody says whether typing may be shown");
                }
            }
        });
    }
    allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_shown_before_the_answer_and_none_is_believed_for_ever() {
        let (previews, now) = (Previews::default(), Instant::now());
        assert_eq!(previews.look(now), (false, true));
        assert_eq!(previews.look(now), (false, false), "it is asked once");
        previews.answered(true);
        assert_eq!(previews.look(now), (true, false));
        assert_eq!(previews.look(now + PREVIEW_ASKED), (true, true), "asked again, and shown meanwhile");
        assert_eq!(previews.look(now + PREVIEW_ASKED * 3), (false, true), "too long ago");
    }
}
