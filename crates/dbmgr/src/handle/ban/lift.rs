//! A ban ends before its time.

use super::report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::BanId;
use switchboard_storage::ban;
use switchboard_wire::Failure;
use switchboard_wire::call::ban::LiftBan;

impl Handle for LiftBan {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let unknown = || Failure::not_found("ban");
        let id: BanId = self.id.parse().map_err(|_| unknown())?;
        let gone = ban::get(&mut cx.tx, &id).await?.ok_or_else(unknown)?;
        ban::delete(&mut cx.tx, &id).await?;
        report(cx, staff, &gone, "ban.lifted", None).await
    }
}
