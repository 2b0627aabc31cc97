//! The summaries of many conversations, for agents' lists.

use super::ids;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::conversation::summary;
use crate::run::Handle;
use switchboard_storage::conversation;
use switchboard_storage::read::Side;
use switchboard_wire::call::edge::GetSummaries;
use switchboard_wire::view::Summary;

impl Handle for GetSummaries {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Vec<Summary>> {
        let found = conversation::summaries(&mut cx.tx, &ids(&self.ids)?, Side::Staff).await?;
        Ok(found.iter().map(summary).collect())
    }
}
