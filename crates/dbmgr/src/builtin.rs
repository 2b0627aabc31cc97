//! The automations that every installation has; most are active and public from the first start. Their services say the same
//! when they are discovered.

use switchboard_domain::automation::Automation;
use switchboard_domain::limits::DEFAULT_TURN_DEADLINE_MS;
use switchboard_domain::{Millis, Rng};
use switchboard_faults::{self as faults, Point};
use switchboard_storage::{Error, Store, automation};

const BUILT_IN: [(&str, &str, &str, bool); 3] = [
    ("chat", "Chat", "Says the words of your sentence in the opposite order.", true),
    ("mat", "Mat", "Replaces every word you say with \"mat\".", true),
    // Has nothing to say before an admin has written articles.
    ("faq", "FAQ", "Answers your questions from our help articles.", false),
];

/// A row for an automation that is seen for the first time.
pub(crate) fn row(name: &str, title: &str, description: &str, now: Millis) -> Automation {
    let active = BUILT_IN.iter().any(|(own, .., active)| *own == name && *active);
    Automation {
        name: name.into(),
        title: title.into(),
        description: description.into(),
        active,
        public: true,
        deadline_ms: DEFAULT_TURN_DEADLINE_MS,
        last_error: None,
        last_error_at: None,
        created_at: now,
    }
}

/// Brings the schema to this version and adds what every installation has; answers the epoch.
pub(crate) async fn bring_up(store: &Store, now: Millis, rng: &dyn Rng) -> Result<String, Error> {
    let steps = store.migrate(now, rng).await?;
    if steps > 0 {
        tracing::info!(steps, "the schema was brought to this version");
    }
    let mut tx = store.write().await?;
    for (name, title, description, _) in BUILT_IN {
        if automation::get(&mut tx, name).await?.is_none() {
            automation::seen(&mut tx, &row(name, title, description, now)).await?;
        }
    }
    let epoch = switchboard_storage::meta::epoch(&mut tx).await?;
    faults::at(Point::StartCommitBefore);
    tx.commit().await?;
    faults::at(Point::StartCommitAfter);
    Ok(epoch)
}
