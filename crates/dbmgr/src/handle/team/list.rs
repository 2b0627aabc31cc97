//! All teams, by name.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::TEAMS;
use crate::page;
use crate::run::Handle;
use switchboard_domain::TeamRules;
use switchboard_domain::account::shown_name;
use switchboard_storage::{team, team_rules};
use switchboard_wire::call::team::ListTeams;
use switchboard_wire::view::{Page, Team};

impl Handle for ListTeams {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Team>> {
        if self.cursor.as_deref().is_some_and(|cursor| shown_name(cursor).is_err()) {
            return Err(page::bad_cursor().into());
        }
        let limit = page::limit(self.limit);
        let rows = team::list(&mut cx.tx, self.cursor.as_deref(), limit + 1).await?;
        let members = team::members(&mut cx.tx).await?;
        let rules = team_rules::all(&mut cx.tx, TEAMS).await?;
        let view = |row: &team::Team| {
            let members = members.get(&row.id).copied().unwrap_or_default();
            show(row, rules.get(&row.id).unwrap_or(&TeamRules::default()), members)
        };
        Ok(page::of(rows, limit, |row| row.name.clone(), view))
    }
}
