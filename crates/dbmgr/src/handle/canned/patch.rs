//! Changing a canned reply.

use super::{bad, report, show, taken, to_change};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::canned::{shortcut, text};
use switchboard_storage::canned;
use switchboard_wire::call::canned::{OneCanned, PatchCanned};

impl Handle for PatchCanned {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneCanned> {
        let staff = actor.staff()?;
        let shortcut = self.shortcut.as_deref().map(shortcut).transpose().map_err(bad("shortcut"))?;
        let text = self.text.as_deref().map(text).transpose().map_err(bad("text"))?;
        let before = to_change(cx, staff, &self.id).await?;
        let mut after = before.clone();
        after.shortcut = shortcut.unwrap_or(after.shortcut);
        after.text = text.map_or(after.text, |text| text.as_str().to_owned());
        if after != before {
            after.updated_at = cx.now;
            canned::update(&mut cx.tx, &after).await.map_err(taken)?;
            report(cx, staff, &after, "canned.changed").await?;
        }
        Ok(OneCanned { canned: show(&after) })
    }
}
