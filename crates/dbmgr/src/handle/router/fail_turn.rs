//! An attempt at a turn failed; the third hands over to people.

use crate::act;
use crate::audit::cut;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::Command;
use switchboard_domain::limits::TURN_EXTENDED_MS;
use switchboard_storage::automation;
use switchboard_wire::call::router::FailTurn;

/// Characters of an error that are kept.
const ERROR_CHARS: usize = 500;

impl Handle for FailTurn {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        // Before the conversation is locked, as everywhere; it is forgotten when the attempt no longer counts.
        let error = cut(&self.error, ERROR_CHARS);
        automation::failed(&mut cx.tx, &self.automation, &error, cx.now).await?;
        let facts = act::facts_of_handoff(cx, &self.automation, None).await?;
        let id = act::parse(&self.conversation)?;
        let act = act::lock(cx, &id).await?;
        let command = Command::TurnFailed {
            automation: self.automation,
            fence: self.fence,
            turn: self.seq,
            attempts: self.attempts,
            retry_at: cx.now + self.retry_in_ms.clamp(0, TURN_EXTENDED_MS),
            facts,
        };
        act::carry_out(cx, act, command).await?;
        Ok(())
    }
}
