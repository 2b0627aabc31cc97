//! A note for whoever takes over.

use crate::limits::{SUMMARY, SUMMARY_FROM, SUMMARY_TOKENS};
use crate::model::Model;
use crate::prompt;
use switchboard_wire::call::assist::{Line, Writer};
use tokio::time::Instant;

/// A summary, if it is wanted, worth it, and there in time.
pub(crate) async fn of(model: &Model, lines: &[Line], until: Instant) -> Option<String> {
    let asked = lines.iter().filter(|line| line.by == Writer::Visitor).count();
    if !model.settings.summary || asked < SUMMARY_FROM {
        return None;
    }
    let until = until.min(Instant::now() + SUMMARY);
    match model.say(&prompt::for_summary(lines), SUMMARY_TOKENS, until).await {
        Ok(text) => Some(text),
        Err(trouble) => {
            tracing::info!(%trouble, "a conversation is handed over without a summary");
            None
        }
    }
}
