//! A visitor asks for a person.

use crate::act;
use crate::cx::Cx;
use crate::gate::{self, Actor, Party};
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::Owner;
use switchboard_domain::conversation::Command;
use switchboard_wire::call::conversation::Handoff;
use switchboard_wire::view::Conversation;

impl Handle for Handoff {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Conversation> {
        let visitor = actor.visitor()?;
        let party = Party::Visitor(visitor);
        let act = act::lock_for(cx, &self.id, &party).await?;
        // A resolved one goes back to the team that it had.
        let team = act.c.team.clone().filter(|_| act.c.owner == Owner::None);
        let facts = match &act.c.owner {
            Owner::Automation { id, .. } => act::facts_of_handoff(cx, id, None).await?,
            _ => act::facts_of_queue(cx, team.as_ref()).await?,
        };
        let command = Command::Handoff { by: gate::author(visitor), team: None, reason: None, facts };
        let c = act::carry_out(cx, act, command).await?;
        act::shown(cx, &c, &party).await
    }
}
