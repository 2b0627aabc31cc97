//! An agent says how urgent a conversation is: whoever may see it may.

use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::Priority;
use switchboard_domain::conversation::Command;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::Prioritise;
use switchboard_wire::view::Conversation;

impl Handle for Prioritise {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let agent = actor.staff()?;
        let party = Party::Agent(agent);
        let unknown = || Failure::invalid("priority", &"give low, normal, high or urgent");
        let priority: Priority = self.priority.parse().map_err(|()| unknown())?;
        let act = act::lock_for(cx, &self.id, &party).await?;
        let c = act::carry_out(cx, act, Command::Prioritise { agent: agent.agent(), priority }).await?;
        act::shown(cx, &c, &party).await
    }
}
