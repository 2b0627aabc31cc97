//! The agent who has a conversation puts it aside.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::clock::parse_rfc3339;
use switchboard_domain::conversation::Command;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::Snooze;
use switchboard_wire::view::Conversation;

impl Handle for Snooze {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let agent = actor.staff()?;
        let party = Party::Agent(agent);
        let no_time = || Failure::invalid("until", "write a time as 2030-01-31T09:00:00Z");
        let until = parse_rfc3339(&self.until).ok_or_else(no_time)?;
        let act = act::lock_for(cx, &self.id, &party).await?;
        let command = Command::Snooze { agent: agent.agent(), fence: self.fence, until };
        let c = act::carry_out(cx, act, command).await?;
        act::shown(cx, &c, &party).await
    }
}
