//! How an automation is used at this moment.

use switchboard_domain::{AutomationRules, Millis, TeamRules};
use switchboard_storage::{Error, Tx, automation_rules, team_rules};

/// What an admin has said of it, or the defaults.
pub(crate) async fn of(tx: &mut Tx, automation: &str) -> Result<AutomationRules, Error> {
    automation_rules::get(tx, automation).await
}

/// Whether it takes new conversations now.
pub(crate) async fn is_open(tx: &mut Tx, rules: &AutomationRules, now: Millis) -> Result<bool, Error> {
    let team = match rules.asks_team() {
        Some(team) => team_rules::get(tx, team).await?,
        None => TeamRules::default(),
    };
    Ok(rules.is_open(&team, now))
}
