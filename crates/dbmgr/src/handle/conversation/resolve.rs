//! Ending a conversation: the agent who has it, or the visitor.

use crate::act;
use crate::cx::Cx;
use crate::gate::{self, Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::Command;
use switchboard_wire::Failure;
use switchboard_wire::call::conversation::Resolve;
use switchboard_wire::view::Conversation;

impl Handle for Resolve {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let party = actor.party()?;
        let command = match &party {
            Party::Visitor(visitor) => Command::VisitorResolve { visitor: gate::author(visitor) },
            Party::Agent(agent) => {
                let missing = || Failure::invalid("fence", "give the fence that you last saw");
                Command::AgentResolve { agent: agent.agent(), fence: self.fence.ok_or_else(missing)? }
            }
        };
        let act = act::lock_for(cx, &self.id, &party).await?;
        let c = act::carry_out(cx, act, command).await?;
        act::shown(cx, &c, &party).await
    }
}
