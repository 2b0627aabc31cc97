//! Automations, as admins manage them.

mod list;
mod patch;

use crate::cx::Cx;
use crate::limits::{DESCRIPTION_CHARS, TITLE_CHARS};
use switchboard_domain::automation::Automation;
use switchboard_domain::clock::rfc3339;
use switchboard_storage::hook::Hook;
use switchboard_wire::{Failure, view};
use tokio::time::Instant;

/// A title that people read: on one line.
pub(super) fn check_title(text: &str) -> Result<String, Failure> {
    checked("title", text, 1, TITLE_CHARS)
}

/// What an automation does, in a sentence, or nothing.
pub(super) fn check_description(text: &str) -> Result<String, Failure> {
    checked("description", text, 0, DESCRIPTION_CHARS)
}

fn checked(field: &str, text: &str, least: usize, most: usize) -> Result<String, Failure> {
    let text = text.trim();
    let chars = text.chars().count();
    if (least..=most).contains(&chars) && !text.chars().any(char::is_control) {
        Ok(text.to_owned())
    } else {
        Err(Failure::invalid(field, &format!("give {least} to {most} characters on one line")))
    }
}

/// An automation as it is shown, with its web hook if that is how it is reached.
pub(super) fn show_hooked(row: &Automation, hook: Option<&Hook>, cx: &Cx) -> view::Automation {
    let until =
        |hook: &Hook| hook.old_secret.as_ref().filter(|_| cx.now < hook.old_until).map(|_| hook.old_until);
    let shown =
        |hook: &Hook| view::WebHook { url: hook.url.clone(), old_secret_until: until(hook).map(rfc3339) };
    view::Automation { hook: hook.map(shown), ..show(row, cx) }
}

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
        hook: None,
    }
}
