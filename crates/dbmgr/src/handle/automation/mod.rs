//! Automations, as admins manage them.

mod list;
mod patch;

use crate::cx::Cx;
use switchboard_domain::automation::Automation;
use switchboard_domain::clock::rfc3339;
use switchboard_wire::view::{self, Health};
use tokio::time::Instant;

/// An automation as it is shown. A guide is answered here, so it is there whenever this is.
fn show(row: &Automation, guide: bool, cx: &Cx) -> view::Automation {
    let health = if guide { Health::Up } else { cx.shared.sightings.health(row, Instant::now(), cx.now) };
    view::Automation {
        name: row.name.clone(),
        title: row.title.clone(),
        description: row.description.clone(),
        active: row.active,
        public: row.public,
        health,
        deadline_ms: row.deadline_ms,
        last_error: row.last_error.clone(),
        last_error_at: row.last_error_at.map(rfc3339),
    }
}
