//! An agent's own saved views and everybody's, by name.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{OWN_VIEWS, SHARED_VIEWS};
use crate::run::Handle;
use switchboard_domain::Role;
use switchboard_storage::saved_view;
use switchboard_wire::call::saved_view::ListViews;
use switchboard_wire::view::{Page, SavedView};

impl Handle for ListViews {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<SavedView>> {
        let staff = actor.staff()?;
        let agent = (staff.role() == Role::Agent).then(|| staff.id());
        let rows = saved_view::list(&mut cx.tx, agent, OWN_VIEWS + SHARED_VIEWS).await?;
        Ok(Page { items: rows.iter().map(show).collect(), next: None })
    }
}
