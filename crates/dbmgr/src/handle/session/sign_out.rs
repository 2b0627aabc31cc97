//! Signing out; an agent goes offline.

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use crate::staff;
use switchboard_domain::Role;
use switchboard_storage::session::{self, Ended as Why};
use switchboard_wire::call::session::SignOut;
use switchboard_wire::notice::{EndReason, Ended, Notice};

impl Handle for SignOut {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let own = actor.staff()?;
        session::end(&mut cx.tx, own.id(), own.session(), Why::SignedOut, cx.now).await?;
        let sessions = vec![own.row().session.token.clone()];
        cx.tell(Notice::Ended(Ended { sessions, reason: EndReason::SignedOut }));
        if own.role() == Role::Agent {
            staff::go_offline(cx, own.id(), "offline").await?;
        }
        Report::by(own, "session.ended").write(cx).await
    }
}
