//! An agent takes a conversation from the queue or an automation.

use super::{is_there, offline};
use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::Command;
use switchboard_storage::presence;
use switchboard_wire::call::conversation::Claim;
use switchboard_wire::view::Conversation;

impl Handle for Claim {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let agent = actor.staff()?;
        let party = Party::Agent(agent);
        let there = is_there(cx, agent.id()).await?;
        let act = act::lock_for(cx, &self.id, &party).await?;
        if !there {
            return Err(offline(agent).into());
        }
        let before = act.c.fence;
        let command = Command::Claim { agent: agent.agent(), fence: act.brought(self.fence) };
        let c = act::carry_out(cx, act, command).await?;
        if c.fence != before {
            presence::handed(&mut cx.tx, agent.id(), cx.now).await?;
        }
        act::shown(cx, &c, &party).await
    }
}
