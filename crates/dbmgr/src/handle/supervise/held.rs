//! What an agent has.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::conversation::{cursor, summary};
use crate::page;
use crate::run::Handle;
use switchboard_domain::{AccountId, Role, Status};
use switchboard_storage::account;
use switchboard_storage::conversation::{self, Scope, View};
use switchboard_wire::Failure;
use switchboard_wire::call::watch::ListHeld;
use switchboard_wire::view::{Page, Summary};

impl Handle for ListHeld {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Summary>> {
        let unknown = || Failure::not_found("agent");
        let agent: AccountId = self.agent.parse().map_err(|_| unknown())?;
        let found = account::get(&mut cx.tx, &agent).await?;
        found.filter(|found| found.role == Role::Agent).ok_or_else(unknown)?;
        let limit = page::limit(self.limit);
        let mut rows = Vec::new();
        for status in [Status::Open, Status::Snoozed] {
            let scope = Scope { agent: &agent, teams: &[], view: View::Mine, status };
            rows.extend(conversation::view(&mut cx.tx, scope, None, limit).await?);
        }
        // An agent has few: there is one page.
        let page = page::of(rows, limit, |row| cursor(&row.conversation), summary);
        Ok(Page { next: None, ..page })
    }
}
