//! Automations behind web hooks.

mod add;
mod delete;
mod get;
pub(super) mod gone;
mod patch;
mod rotate;
mod try_hook;

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Staff;
use crate::halt::Outcome;
use switchboard_domain::automation::Automation;
use switchboard_outbound::{Target, sign};
use switchboard_storage::hook::Hook;
use switchboard_storage::{automation, hook};
use switchboard_wire::Failure;
use switchboard_wire::notice::{HooksChanged, Notice};

/// The automation and its web hook, the first locked.
async fn locked(cx: &mut Cx, name: &str) -> Outcome<(Automation, Hook)> {
    let unknown = || Failure::not_found("automation behind a web hook");
    let row = automation::lock(&mut cx.tx, name).await?.ok_or_else(unknown)?;
    let hook = hook::get(&mut cx.tx, name).await?.ok_or_else(unknown)?;
    Ok((row, hook))
}

/// An address that a request can be sent to; whether it may be is up to who sends it.
pub(super) fn url(text: &str) -> Result<String, Failure> {
    let text = text.trim();
    let target: Result<Target, _> = text.parse();
    target.map(|_| text.to_owned()).map_err(|bad| Failure::invalid("url", &bad))
}

/// A new secret.
pub(super) fn secret(cx: &Cx) -> String {
    let mut bytes = [0; 24];
    cx.shared.rng.fill(&mut bytes);
    sign::secret(&bytes)
}

/// Tells whoever serves web hooks, and the audit log.
async fn changed(cx: &mut Cx, staff: &Staff, action: &'static str, row: &Automation) -> Outcome<()> {
    cx.tell(Notice::Hooks(HooksChanged {}));
    Report::by(staff, action).about("automation", Some(&row.name), &row.title).write(cx).await
}
