//! Ending one of the own sessions.

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::session::{self, Ended as Why};
use switchboard_wire::Failure;
use switchboard_wire::call::session::RevokeSession;
use switchboard_wire::notice::{EndReason, Ended, Notice};

impl Handle for RevokeSession {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let sessions = session::of_account(&mut cx.tx, staff.id()).await?;
        let Some(found) = sessions.into_iter().find(|row| row.id.as_str() == self.id) else {
            return Err(Failure::not_found("session").into());
        };
        session::end(&mut cx.tx, staff.id(), &found.id, Why::Revoked, cx.now).await?;
        cx.tell(Notice::Ended(Ended { sessions: vec![found.token], reason: EndReason::Revoked }));
        Report::by(staff, "session.revoked").about("session", Some(found.id.as_str()), "").write(cx).await
    }
}
