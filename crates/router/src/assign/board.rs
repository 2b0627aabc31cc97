//! The board as the rules read it.

use switchboard_domain::assignment::{Candidate, Waiting};
use switchboard_domain::id::BadId;
use switchboard_wire::call::router::{Board, BoardAgent, BoardWaiting};

/// Reads the queue and those agents who may be given something: online, and `here`. What is no id is passed
/// over; nobody could be given it.
pub(super) fn read(board: &Board, here: impl Fn(&str) -> bool) -> (Vec<Waiting>, Vec<Candidate>) {
    let waiting = board.waiting.iter().filter_map(|row| valid(waiting(row), &row.conversation)).collect();
    let agents = board.agents.iter().filter(|agent| agent.online && here(&agent.agent));
    let agents = agents.filter_map(|row| valid(candidate(row), &row.agent)).collect();
    (waiting, agents)
}

fn valid<T>(read: Result<T, BadId>, id: &str) -> Option<T> {
    read.inspect_err(|problem| tracing::warn!(%problem, id, "passed over on the board")).ok()
}

fn waiting(row: &BoardWaiting) -> Result<Waiting, BadId> {
    Ok(Waiting {
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
        BoardAgent { agent: id.into(), online, teams: vec!["t".into()], capacity: 4, open: 0, idle_since: 0 }
    }

    #[test]
    fn only_those_online_with_a_console_are_given_something() {
        let agents =
            vec![agent("here", true), agent("away", false), agent("gone", true), agent("no id!", true)];
        let board = Board { waiting: vec![], agents };
        let (_, agents) = read(&board, |id| id != "gone");
        let names: Vec<&str> = agents.iter().map(|a| a.agent.as_str()).collect();
        assert_eq!(names, ["here"]);
    }

    #[test]
    fn a_row_that_cannot_be_read_hides_no_other() {
        let row = |conversation: &str, team: Option<&str>| BoardWaiting {
            conversation: conversation.into(),
            fence: 3,
            team: team.map(Into::into),
            priority: 1,
            queued_at: 7,
            missed_by: Some("maya".into()),
            known: Some("noor".into()),
        };
        let waiting = vec![row("a", Some("not an id")), row("b", Some("t"))];
        let (waiting, _) = read(&Board { waiting, agents: vec![] }, |_| true);
        assert_eq!(waiting.len(), 1);
        assert_eq!((waiting[0].conversation.as_str(), waiting[0].fence), ("b", 3));
        assert_eq!(waiting[0].known.as_ref().map(|agent| agent.as_str()), Some("noor"));
    }
}
