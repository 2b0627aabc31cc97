//! All rules, in their order.

use super::{all, show};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_wire::call::rule::ListRules;
use switchboard_wire::view::{Page, Rule};

impl Handle for ListRules {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Page<Rule>> {
        let rules = all(cx).await?;
        Ok(Page { items: show(cx, &rules).await?, next: None })
    }
}
