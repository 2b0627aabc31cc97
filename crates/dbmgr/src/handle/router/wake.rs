//! Ends a snooze that is over.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::Command;
use switchboard_wire::call::router::Wake;

impl Handle for Wake {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let id = act::parse(&self.conversation)?;
        let act = act::lock(cx, &id).await?;
        if act.c.snoozed_until.is_some_and(|until| until <= cx.now) {
            act::carry_out(cx, act, Command::Wake).await?;
        }
        Ok(())
    }
}
