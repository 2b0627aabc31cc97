//! Whose session it is.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::account::show;
use crate::run::Handle;
use switchboard_storage::account;
use switchboard_wire::Failure;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::view::Accounts;

impl Handle for GetSession {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Accounts> {
        let own = account::get(&mut cx.tx, actor.staff()?.id()).await?;
        let own = own.ok_or_else(Failure::unauthenticated)?;
        Ok(Accounts { account: show(&mut cx.tx, &own).await? })
    }
}
