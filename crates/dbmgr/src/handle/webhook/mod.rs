//! Servers outside that are told what happens; telling them is [`crate::webhooks`]'s.

mod add;
mod delete;
mod deliveries;
mod list;
mod patch;
mod replay;
mod rotate;
mod test;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::Outcome;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::webhook::{self as rules, EventKind};
use switchboard_outbound::Target;
use switchboard_storage::webhook::{self, Webhook, delivery};
use switchboard_wire::notice::{HooksChanged, Notice};
use switchboard_wire::{Failure, view};

/// Longest name, in characters.
const NAME_CHARS: usize = 80;

fn unknown() -> Failure {
    Failure::not_found("web hook")
}

/// The one of this id, locked.
async fn locked(cx: &mut Cx, id: &str) -> Outcome<Webhook> {
    let id = id.parse().map_err(|_| unknown())?;
    Ok(webhook::lock(&mut cx.tx, &id).await?.ok_or_else(unknown)?)
}

/// As it is shown.
async fn show(cx: &mut Cx, w: &Webhook) -> Outcome<view::Webhook> {
    let (waiting, failed) = delivery::counts(&mut cx.tx, &w.id).await?;
    Ok(view::Webhook {
        id: w.id.to_string(),
        name: w.name.clone(),
        url: w.url.clone(),
        events: w.events.iter().map(|kind| kind.as_str().to_owned()).collect(),
        active: w.active,
        stopped: w.stopped.clone(),
        failing_since: w.failing_since.map(rfc3339),
        old_secret_until: (w.secrets(cx.now).len() > 1).then(|| rfc3339(w.old_until)),
        waiting,
        limit: cx.shared.tell_waiting,
        failed,
        created_at: rfc3339(w.created_at),
    })
}

fn name(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let fits = (1..=NAME_CHARS).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(Failure::invalid("name", &format!("give 1 to {NAME_CHARS} characters on one line")))
    }
}

fn events(names: &[String]) -> Result<Vec<EventKind>, Failure> {
    rules::chosen(names).map_err(|bad| Failure::invalid("events", &format!("there is no event {bad:?}")))
}

/// Tells whoever tells them, and the audit log.
async fn changed(cx: &mut Cx, staff: &Staff, action: &'static str, w: &Webhook) -> Outcome<()> {
    cx.tell(Notice::Hooks(HooksChanged {}));
    // The path may be the secret by which its server knows who writes.
    let origin = w.url.parse::<Target>().map(|target| target.origin()).unwrap_or_default();
    let detail = serde_json::json!({ "url": origin, "events": w.events.len() });
    Report::by(staff, action).detail(detail).about("webhook", Some(w.id.as_str()), &w.name).write(cx).await
}
