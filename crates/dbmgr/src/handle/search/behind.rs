//! What is not indexed to its end: what was told while nobody listened, and all of an older database.

use crate::act;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::INDEX_LOOKS;
use crate::run::Handle;
use switchboard_storage::search;
use switchboard_wire::call::router::{GetUnindexed, Unindexed};

impl Handle for GetUnindexed {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Unindexed> {
        let after = self.after.as_deref().map(act::parse).transpose()?;
        let limit = self.limit.clamp(1, INDEX_LOOKS);
        let (behind, next) = search::behind(&mut cx.tx, after.as_ref(), limit).await?;
        Ok(Unindexed {
            conversations: behind.into_iter().map(String::from).collect(),
            next: next.map(String::from),
        })
    }
}
