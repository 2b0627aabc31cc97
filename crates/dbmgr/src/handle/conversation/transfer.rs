//! The agent who has a conversation passes it on: to an agent, a team or an automation.

use super::is_there;
use crate::act;
use crate::cx::Cx;
use crate::gate::{Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::{AgentRef, Command, Target};
use switchboard_domain::{AccountId, Role, TeamId, Text};
use switchboard_storage::{account, automation, presence, team};
use switchboard_wire::call::conversation::{Transfer, TransferTo};
use switchboard_wire::view::Conversation;
use switchboard_wire::{Failure, Problem};

impl Handle for Transfer {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let agent = actor.staff()?;
        let party = Party::Agent(agent);
        let said = self.note.filter(|note| !note.trim().is_empty());
        let note = said.map(Text::try_from).transpose();
        let note = note.map_err(|reason| Failure::invalid("note", &reason))?;
        let to = target(cx, &self.to).await?;
        let act = act::lock_for(cx, &self.id, &party).await?;
        let before = act.c.fence;
        let command = Command::Transfer { agent: agent.agent(), fence: self.fence, to: to.clone(), note };
        let c = act::carry_out(cx, act, command).await?;
        if let (Target::Agent(to), true) = (&to, c.fence != before) {
            presence::handed(&mut cx.tx, &to.id, cx.now).await?;
        }
        act::shown(cx, &c, &party).await
    }
}

/// Whom it is meant for, locked so that it stays so until the commit.
async fn target(cx: &mut Cx, to: &TransferTo) -> Outcome<Target> {
    match to {
        TransferTo::Agent(id) => {
            let unknown = || Failure::not_found("agent");
            let id: AccountId = id.parse().map_err(|_| unknown())?;
            let found = account::share(&mut cx.tx, std::slice::from_ref(&id)).await?.pop();
            let found =
                found.filter(|found| found.active && found.role == Role::Agent).ok_or_else(unknown)?;
            if !is_there(cx, &id).await? {
                let detail = format!("{} is offline: choose somebody else", found.display_name);
                return Err(Failure::new(Problem::Offline, detail).into());
            }
            Ok(Target::Agent(AgentRef { id, name: found.display_name }))
        }
        TransferTo::Team(id) => {
            let id: TeamId = id.parse().map_err(|_| Failure::not_found("team"))?;
            let found = team::get(&mut cx.tx, &id).await?.ok_or_else(|| Failure::not_found("team"))?;
            Ok(Target::Team(Some(found.id)))
        }
        TransferTo::Automation(name) => {
            let found = automation::share(&mut cx.tx, name).await?.filter(|found| found.active);
            let found = found.ok_or_else(|| Failure::not_found("automation"))?;
            Ok(Target::Automation { name: found.name, title: found.title })
        }
    }
}
