//! Who waits and who is there.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::{BOARD_WAITING, TEAMS};
use crate::run::Handle;
use std::collections::{BTreeSet, HashMap, HashSet};
use switchboard_domain::assignment::Waiting;
use switchboard_domain::{AccountId, Millis, Presence, TeamId, TeamRules};
use switchboard_storage::{account, conversation, presence, skill, team, team_rules};
use switchboard_wire::call::router::{Board, BoardAgent, BoardTeam, BoardWaiting, GetBoard};

impl Handle for GetBoard {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Board> {
        let tx = &mut cx.tx;
        let present = presence::present(tx).await?;
        let ids: Vec<AccountId> = present.iter().map(|row| row.account.clone()).collect();
        let mut teams = team::of_accounts(tx, &ids).await?;
        let mut skills = skill::of_accounts(tx, &ids).await?;
        let accounts = account::get_many(tx, &ids).await?.into_iter();
        let capacity: HashMap<AccountId, i64> = accounts.map(|row| (row.id, row.capacity)).collect();
        let taken = conversation::rooms_taken(tx, cx.now).await?;
        let agents = present.into_iter().map(|row| BoardAgent {
            online: row.presence == Presence::Online,
            teams: teams.remove(&row.account).unwrap_or_default().into_iter().map(Into::into).collect(),
            skills: skills.remove(&row.account).unwrap_or_default(),
            capacity: capacity.get(&row.account).copied().unwrap_or_default(),
            open: taken.get(&row.account).copied().unwrap_or_default(),
            idle_since: row.idle_since,
            agent: row.account.into(),
        });
        let agents: Vec<BoardAgent> = agents.collect();
        let queues = conversation::queues(tx).await?;
        let in_all = queues.values().map(|queue| queue.waiting).sum();
        let rules = if queues.is_empty() { HashMap::new() } else { team_rules::all(tx, TEAMS).await? };
        let reach = self.within_reach.then(|| Reach::of(&agents));
        let asked =
            |team: &Option<TeamId>| reach.as_ref().is_none_or(|reach| reach.has(team.as_ref(), &rules));
        // Queue by queue, so that a long one of a team that is away does not hide the others.
        let mut waiting = Vec::new();
        for team in queues.keys().filter(|team| asked(team)) {
            waiting.extend(conversation::waiting(tx, team.as_ref(), BOARD_WAITING).await?);
        }
        let queued: BTreeSet<&TeamId> = waiting.iter().filter_map(|row| row.team.as_ref()).collect();
        let teams =
            queued.into_iter().filter_map(|team| Some(working(team, &rules, cx.now, rules.get(team)?)));
        let teams = teams.collect();
        let waiting = waiting.into_iter().map(show).collect();
        Ok(Board { waiting, queued: in_all, agents, teams, now: cx.now })
    }
}

/// The queues from which somebody could take one.
struct Reach {
    teams: HashSet<String>,
    anybody: bool,
}

impl Reach {
    fn of(agents: &[BoardAgent]) -> Self {
        let free = || agents.iter().filter(|agent| agent.online && agent.open < agent.capacity);
        let teams = free().flat_map(|agent| agent.teams.iter().cloned()).collect();
        Self { teams, anybody: free().next().is_some() }
    }

    /// Who helps a team out is counted too: whether it is time for that, the router knows.
    fn has(&self, team: Option<&TeamId>, rules: &HashMap<TeamId, TeamRules>) -> bool {
        let Some(team) = team else { return self.anybody };
        let helper = rules.get(team).and_then(|rules| rules.overflow.as_ref()).map(|overflow| &overflow.team);
        let within = |team: &TeamId| self.teams.contains(team.as_str());
        within(team) || helper.is_some_and(within)
    }
}

/// How a team works at this moment.
fn working(team: &TeamId, all: &HashMap<TeamId, TeamRules>, now: Millis, rules: &TeamRules) -> BoardTeam {
    let open = |helper: &TeamId| all.get(helper).is_none_or(|rules| rules.is_open(now));
    let overflow = rules.overflow.as_ref().filter(|overflow| open(&overflow.team));
    BoardTeam {
        team: team.to_string(),
        open: rules.is_open(now),
        widen_ms: rules.widen_s * 1_000,
        helper: overflow.map(|overflow| overflow.team.to_string()),
        helps_after_ms: overflow.map_or(0, |overflow| overflow.after_s * 1_000),
    }
}

fn show(row: Waiting) -> BoardWaiting {
    BoardWaiting {
        conversation: row.conversation.into(),
        fence: row.fence,
        team: row.team.map(Into::into),
        priority: row.priority,
        queued_at: row.queued_at,
        missed_by: row.missed_by.map(Into::into),
        known: row.known.map(Into::into),
        needs: row.needs,
    }
}
