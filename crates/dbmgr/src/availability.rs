//! Whether people are there for a queue.

use switchboard_domain::{Millis, TeamId};
use switchboard_storage::{Error, Tx, presence, team_rules};

/// Whether somebody could take a conversation of this team, or of everybody: within the team's business hours an agent of
/// it is online, or one of the team that helps it out.
pub(crate) async fn people(tx: &mut Tx, team: Option<&TeamId>, now: Millis) -> Result<bool, Error> {
    let Some(team) = team else { return presence::anyone_online(tx, None).await };
    let rules = team_rules::get(tx, team).await?;
    if !rules.is_open(now) {
        return Ok(false);
    }
    if presence::anyone_online(tx, Some(team)).await? {
        return Ok(true);
    }
    let Some(overflow) = rules.overflow else { return Ok(false) };
    let helps = team_rules::get(tx, &overflow.team).await?.is_open(now);
    Ok(helps && presence::anyone_online(tx, Some(&overflow.team)).await?)
}
