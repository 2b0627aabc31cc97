//! Deleting a saved view.

use super::{report, to_change};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::saved_view;
use switchboard_wire::call::saved_view::DeleteView;

impl Handle for DeleteView {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let gone = to_change(cx, staff, &self.id).await?;
        saved_view::delete(&mut cx.tx, &gone.id).await?;
        report(cx, staff, &gone, "view.deleted").await
    }
}
