//! Accounts of a role, by username.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::{AccountId, account as rules};
use switchboard_storage::{account, skill, team};
use switchboard_wire::call::account::ListAccounts;
use switchboard_wire::view::{Account, Page};

impl Handle for ListAccounts {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Page<Account>> {
        actor.manager(self.role)?;
        let after = self.cursor.as_deref().map(rules::username).transpose();
        let after = after.map_err(|_| page::bad_cursor())?;
        let limit = page::limit(self.limit);
        let rows = account::list(&mut cx.tx, self.role, after.as_deref(), limit + 1).await?;
        let ids: Vec<AccountId> = rows.iter().map(|row| row.id.clone()).collect();
        let teams = team::of_accounts(&mut cx.tx, &ids).await?;
        let skills = skill::of_accounts(&mut cx.tx, &ids).await?;
        let view = |row: &switchboard_domain::Account| {
            let teams = teams.get(&row.id).map(Vec::as_slice).unwrap_or_default();
            Account::of(row, teams, skills.get(&row.id).map(Vec::as_slice).unwrap_or_default())
        };
        Ok(page::of(rows, limit, |row| row.username.clone(), view))
    }
}
