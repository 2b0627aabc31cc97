//! Changing where an automation's turns are sent, and how it is called.

use super::{changed, locked, url};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::automation::{check_description, check_title, shown};
use crate::run::Handle;
use switchboard_storage::{automation, hook};
use switchboard_wire::call::automation::OneAutomation;
use switchboard_wire::call::hook::PatchHook;

impl Handle for PatchHook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneAutomation> {
        let staff = actor.staff()?;
        let (before, mut hook) = locked(cx, &self.name).await?;
        let mut row = before.clone();
        if let Some(title) = &self.title {
            row.title = check_title(title)?;
        }
        if let Some(description) = &self.description {
            row.description = check_description(description)?;
        }
        let url = self.url.as_deref().map(url).transpose()?;
        let moved = url.is_some_and(|url| {
            let moved = hook.url != url;
            hook.url = url;
            moved
        });
        if moved {
            hook::update(&mut cx.tx, &hook).await?;
        }
        if row != before {
            automation::seen(&mut cx.tx, &row).await?;
        }
        if moved || row != before {
            changed(cx, staff, "automation.hook_changed", &row).await?;
        }
        Ok(OneAutomation { automation: shown(cx, &row).await? })
    }
}
