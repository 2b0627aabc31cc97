//! An admin makes one visitor of two.

use super::merge::{Asked, merge};
use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::VisitorId;
use switchboard_storage::visitor;
use switchboard_wire::Failure;
use switchboard_wire::call::guest::MergeVisitors;
use switchboard_wire::view::Guest;

impl Handle for MergeVisitors {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Guest> {
        let staff = actor.staff()?;
        let unknown = || Failure::not_found("visitor");
        let read = |id: &str| id.parse::<VisitorId>().map_err(|_| unknown());
        let asked = Asked { keep: read(&self.keep)?, other: read(&self.other)?, conversation: None };
        let id = merge(cx, staff, &asked).await?;
        let row = visitor::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
        let now = cx.now;
        show(&mut cx.tx, row, now).await
    }
}
