//! All automations, by name.

use super::show;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::page;
use crate::run::Handle;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_storage::{automation, guide};
use switchboard_wire::call::automation::ListAutomations;
use switchboard_wire::view::{Automation, Page};

impl Handle for ListAutomations {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Automation>> {
        let rows = automation::list(&mut cx.tx, None, PAGE_ITEMS).await?;
        let guides = guide::list(&mut cx.tx, PAGE_ITEMS).await?;
        let is_guide = |name: &str| guides.iter().any(|guide| guide.name == name);
        Ok(page::of(rows, PAGE_ITEMS, |row| row.name.clone(), |row| show(row, is_guide(&row.name), cx)))
    }
}
