//! Reports: from the courses of conversations alone, read by an index in pieces, so that nobody waits for them.

mod get;
mod rows;

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits;
use std::collections::HashMap;
use switchboard_domain::limits::{PAGE_ITEMS, REPORT_ROWS};
use switchboard_domain::report::{BadPeriod, Period};
use switchboard_domain::{AccountId, TeamId};
use switchboard_storage::{Tx, account, course, team};
use switchboard_wire::Failure;

/// The days that are asked for.
fn period(cx: &Cx, from: Option<&str>, to: Option<&str>, zone: Option<&str>) -> Outcome<Period> {
    let bad = |bad: BadPeriod| Failure::invalid(bad.field(), &bad);
    Ok(Period::of(from, to, zone, cx.now).map_err(bad)?)
}

/// Refuses what would be too much to read.
async fn refuse_too_many(tx: &mut Tx, period: &Period) -> Outcome<()> {
    if course::count(tx, period.start(), period.end(), REPORT_ROWS + 1).await? > REPORT_ROWS {
        let reason = "choose a shorter time: more than 100,000 conversations began in this one";
        return Err(Failure::invalid("from", reason).into());
    }
    Ok(())
}

/// All teams by name.
async fn team_names(tx: &mut Tx) -> Outcome<HashMap<TeamId, String>> {
    let mut names = HashMap::new();
    let mut after: Option<String> = None;
    while names.len() < limits::REPORT_NAMES {
        let page = team::list(tx, after.as_deref(), PAGE_ITEMS).await?;
        let Some(last) = page.last() else { break };
        after = Some(last.name.clone());
        names.extend(page.into_iter().map(|team| (team.id, team.name)));
    }
    Ok(names)
}

/// What these agents are called today; those who are gone have no name.
async fn agent_names(tx: &mut Tx, ids: &[AccountId]) -> Outcome<HashMap<AccountId, String>> {
    let accounts = account::get_many(tx, ids).await?;
    Ok(accounts.into_iter().map(|account| (account.id, account.display_name)).collect())
}
