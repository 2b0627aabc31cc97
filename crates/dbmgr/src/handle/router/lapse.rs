//! Takes a conversation from an agent who has not answered in time.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::Status;
use switchboard_domain::conversation::Command;
use switchboard_wire::call::router::Lapse;

/// The reason that the rules know.
const NO_ANSWER: &str = "no_answer";

impl Handle for Lapse {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let id = act::parse(&self.conversation)?;
        let act = act::lock(cx, &id).await?;
        // The answer may have come in the meantime; then nothing is due any more.
        if act.c.status != Status::Open || act.c.due_at.is_none_or(|due| due > cx.now) {
            return Ok(());
        }
        let command = Command::Requeue { fence: Some(self.fence), reason: NO_ANSWER };
        act::carry_out(cx, act, command).await?;
        Ok(())
    }
}
