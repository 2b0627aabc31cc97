//! The board as the rules read it.

use std::collections::{HashMap, HashSet};

use switchboard_domain::TeamId;
use switchboard_domain::assignment::{Candidate, Waiting};
use switchboard_domain::id::BadId;
use switchboard_domain::team::DEFAULT_WIDEN_S;
use switchboard_wire::call::router::{Board, BoardAgent, BoardTeam, BoardWaiting};

/// Reads the queue and those agents who may be given something: online, and `here`. What is no id is passed
/// over; nobody could be given it.
pub(super) fn read(board: &Board, here: impl Fn(&str) -> bool) -> Seen {
    let agents = board.agents.iter().filter(|agent| agent.online && here(&agent.agent));
    let agents: Vec<Candidate> = agents.filter_map(|row| valid(candidate(row), &row.agent)).collect();
    let teams: HashMap<&str, &BoardTeam> =
        board.teams.iter().map(|team| (team.team.as_str(), team)).collect();
    let there: HashSet<&str> = agents.iter().flat_map(|agent| &agent.teams).map(TeamId::as_str).collect();
    let (mut waiting, mut closed) = (Vec::new(), Vec::new());
    for row in &board.waiting {
        let team = row.team.as_deref().and_then(|team| teams.get(team)).copied();
        let read = self::waiting(row, team, &there, board.now);
        let Some(read) = valid(read, &row.conversation) else { continue };
        if team.is_none_or(|team| team.open) { waiting.push(read) } else { closed.push(read) }
    }
    Seen { waiting, closed, agents }
}

/// What the board says.
pub(super) struct Seen {
    /// Who waits and may be given to somebody.
    pub(super) waiting: Vec<Waiting>,
    /// Who waits for a team to open.
    pub(super) closed: Vec<Waiting>,
    /// Who may be given something.
    pub(super) agents: Vec<Candidate>,
}

fn valid<T>(read: Result<T, BadId>, id: &str) -> Option<T> {
    read.inspect_err(|problem| tracing::warn!(%problem, id, "passed over on the board")).ok()
}

/// The team that helps out does so when it has waited long enough, or nobody of its own team is there.
fn waiting(
    row: &BoardWaiting,
    team: Option<&BoardTeam>,
    there: &HashSet<&str>,
    now: i64,
) -> Result<Waiting, BadId> {
    let waited = now - row.queued_at;
    let helps = |team: &&BoardTeam| waited >= team.helps_after_ms || !there.contains(team.team.as_str());
    let helper = team.filter(helps).and_then(|team| team.helper.as_deref());
    Ok(Waiting {
        helper: helper.map(str::parse).transpose()?,
        needs: row.needs.clone(),
        widened: waited >= team.map_or(DEFAULT_WIDEN_S * 1_000, |team| team.widen_ms),
        conversation: row.conversation.parse()?,
        fence: row.fence,
        team: row.team.as_deref().map(str::parse).transpose()?,
        priority: row.priority,
        queued_at: row.queued_at,
        missed_by: row.missed_by.as_deref().map(str::parse).transpose()?,
        known: row.known.as_deref().map(str::parse).transpose()?,
    })
}

fn candidate(row: &BoardAgent) -> Result<Candidate, BadId> {
    Ok(Candidate {
        agent: row.agent.parse()?,
        skills: row.skills.clone(),
        teams: row.teams.iter().map(|team| team.parse()).collect::<Result<_, _>>()?,
        capacity: row.capacity,
        open: row.open,
        idle_since: row.idle_since,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agent(id: &str, online: bool) -> BoardAgent {
        let (teams, skills) = (vec!["t".into()], vec!["nl".into()]);
        BoardAgent { agent: id.into(), online, teams, skills, capacity: 4, open: 0, idle_since: 0 }
    }

    fn row(conversation: &str, team: Option<&str>) -> BoardWaiting {
        BoardWaiting {
            conversation: conversation.into(),
            fence: 3,
            team: team.map(Into::into),
            priority: 1,
            queued_at: 7,
            missed_by: Some("maya".into()),
            known: Some("noor".into()),
            needs: vec!["nl".into()],
        }
    }

    fn team(id: &str, open: bool) -> BoardTeam {
        let helper = Some("u".into());
        BoardTeam { team: id.into(), open, widen_ms: 30_000, helper, helps_after_ms: 60_000 }
    }

    #[test]
    fn only_those_online_with_a_console_are_given_something() {
        let agents =
            vec![agent("here", true), agent("away", false), agent("gone", true), agent("no id!", true)];
        let seen = read(&Board { agents, ..Board::default() }, |id| id != "gone");
        let names: Vec<&str> = seen.agents.iter().map(|a| a.agent.as_str()).collect();
        assert_eq!(names, ["here"]);
        assert_eq!(seen.agents[0].skills, ["nl"]);
    }

    #[test]
    fn a_row_that_cannot_be_read_hides_no_other() {
        let waiting = vec![row("a", Some("not an id")), row("b", Some("t"))];
        let seen = read(&Board { waiting, ..Board::default() }, |_| true);
        assert_eq!(seen.waiting.len(), 1);
        let found = &seen.waiting[0];
        assert_eq!((found.conversation.as_str(), found.fence, found.needs.len()), ("b", 3, 1));
        assert_eq!(found.known.as_ref().map(|agent| agent.as_str()), Some("noor"));
    }

    #[test]
    fn a_closed_team_waits_and_another_one_helps_in_time_or_when_nobody_is_there() {
        let board = |now, agents, open| Board {
            waiting: vec![row("a", Some("t"))],
            agents,
            teams: vec![team("t", open)],
            now,
            ..Board::default()
        };
        let helper = |now, agents| {
            let seen = read(&board(now, agents, true), |_| true);
            seen.waiting[0].helper.as_ref().map(ToString::to_string)
        };
        assert_eq!(helper(10, vec![agent("here", true)]), None, "not yet");
        assert_eq!(helper(60_007, vec![agent("here", true)]), Some("u".into()), "long enough");
        assert_eq!(helper(10, vec![agent("away", false)]), Some("u".into()), "nobody of the team is there");
        let seen = read(&board(10, vec![agent("here", true)], false), |_| true);
        assert_eq!((seen.waiting.len(), seen.closed.len()), (0, 1));
    }

    #[test]
    fn the_skilled_are_waited_for_a_while() {
        let widened = |now, teams| {
            let waiting = vec![row("a", Some("t"))];
            read(&Board { waiting, agents: vec![], teams, now, ..Board::default() }, |_| true).waiting[0]
                .widened
        };
        assert!(!widened(30_006, vec![team("t", true)]));
        assert!(widened(30_007, vec![team("t", true)]));
        assert!(!widened(7, vec![]) && widened(30_007, vec![]), "by default as well");
    }
}
