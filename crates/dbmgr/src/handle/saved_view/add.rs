//! Saving a view.

use super::{filter, report, show, taken};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{OWN_VIEWS, SHARED_VIEWS};
use crate::run::Handle;
use switchboard_domain::SavedViewId;
use switchboard_domain::saved_view::{Audience, name};
use switchboard_storage::saved_view::{self, SavedView};
use switchboard_wire::Failure;
use switchboard_wire::call::saved_view::{AddView, OneView};

impl Handle for AddView {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OneView> {
        let staff = actor.staff()?;
        let name = name(&self.name).map_err(|bad| Failure::invalid("name", &bad))?;
        let filter = filter(self.filter)?;
        let audience: Audience = self
            .scope
            .parse()
            .map_err(|()| Failure::invalid("scope", "say own, for yourself, or all, for every agent"))?;
        let most = match audience {
            Audience::Own => OWN_VIEWS,
            Audience::All => SHARED_VIEWS,
        };
        if saved_view::count(&mut cx.tx, audience, staff.id()).await? >= most {
            let reason = format!("there are {most} already: delete one that is not used");
            return Err(Failure::invalid("name", &reason).into());
        }
        let saved = SavedView {
            id: SavedViewId::random(cx.shared.rng.as_ref()),
            audience,
            name,
            filter,
            keeper: staff.id().clone(),
            keeper_name: staff.row().display_name.clone(),
            created_at: cx.now,
            updated_at: cx.now,
        };
        saved_view::insert(&mut cx.tx, &saved).await.map_err(taken)?;
        report(cx, staff, &saved, "view.added").await?;
        Ok(OneView { view: show(&saved) })
    }
}
