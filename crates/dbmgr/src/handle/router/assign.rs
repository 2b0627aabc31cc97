//! Gives a waiting conversation to an agent, if both still stand as the router saw them.

use super::stale;
use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::conversation::{AgentRef, Command};
use switchboard_domain::limits::DEFAULT_ANSWER_MS;
use switchboard_domain::{AccountId, Presence, Role};
use switchboard_storage::{account, conversation, presence, team, team_rules};
use switchboard_wire::call::router::Assign;
use switchboard_wire::{Failure, Problem};

impl Handle for Assign {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        let agent: AccountId = self.agent.parse().map_err(|_| stale())?;
        let row = account::share(&mut cx.tx, std::slice::from_ref(&agent)).await?.pop();
        let row = row.filter(|row| row.active && row.role == Role::Agent).ok_or_else(stale)?;
        let there = presence::lock(&mut cx.tx, &agent).await?;
        if there.is_none_or(|there| there.presence != Presence::Online) {
            return Err(Failure::new(Problem::Offline, "the agent is not online any more").into());
        }
        // Whoever gives this agent something else holds the presence first, so the count stands.
        if conversation::room_taken(&mut cx.tx, &agent, cx.now).await? >= row.capacity {
            return Err(Failure::new(Problem::Taken, "the agent has no room any more").into());
        }
        let teams = team::of_account(&mut cx.tx, &agent).await?;
        let id = act::parse(&self.conversation)?;
        let act = act::lock(cx, &id).await?;
        let answer_ms = match &act.c.team {
            Some(team) => {
                let rules = team_rules::get(&mut cx.tx, team).await?;
                let helps = rules.overflow.as_ref().is_some_and(|overflow| teams.contains(&overflow.team));
                if !rules.is_open(cx.now) || !(teams.contains(team) || helps) {
                    return Err(stale().into());
                }
                team::get(&mut cx.tx, team).await?.map(|team| team.answer_s * 1_000)
            }
            None => None,
        };
        let command = Command::Assign {
            agent: AgentRef { id: agent.clone(), name: row.display_name },
            fence: self.fence,
            answer_by: cx.now + answer_ms.unwrap_or(DEFAULT_ANSWER_MS),
        };
        act::carry_out(cx, act, command).await?;
        Ok(presence::handed(&mut cx.tx, &agent, cx.now).await?)
    }
}
