//! Changing a saved view.

use super::{filter, report, show, taken, to_change};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::saved_view::name;
use switchboard_storage::saved_view;
use switchboard_wire::Failure;
use switchboard_wire::call::saved_view::{OneView, PatchView};

impl Handle for PatchView {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneView> {
        let staff = actor.staff()?;
        let name =
            self.name.as_deref().map(name).transpose().map_err(|bad| Failure::invalid("name", &bad))?;
        let filter = self.filter.map(filter).transpose()?;
        let before = to_change(cx, staff, &self.id).await?;
        let mut after = before.clone();
        after.name = name.unwrap_or(after.name);
        after.filter = filter.unwrap_or(after.filter);
        if after != before {
            after.updated_at = cx.now;
            saved_view::update(&mut cx.tx, &after).await.map_err(taken)?;
            report(cx, staff, &after, "view.changed").await?;
        }
        Ok(OneView { view: show(&after) })
    }
}
