//! Automations, as admins manage them.

mod list;
mod patch;

use crate::cx::Cx;
use switchboard_domain::automation::Automation;
use switchboard_domain::clock::rfc3339;
use switchboard_wire::view;
use tokio::time::Instant;

/// An automation as it is shown.
fn show(row: &Automation, cx: &Cx) -> view::Automation {
    view::Automation {
        name: row.name.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        active: row.active,
        public: row.public,
        health: cx.shared.sightings.health(row, Instant::now(), cx.now),
        deadline_ms: row.deadline_ms,
        last_error: row.last_error.clone(),
        last_error_at: row.last_error_at.map(rfc3339),
    }
}
