//! Which visitors may be here no more? One look at an index, however many sockets ask.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::limits::CUT_OFF;
use crate::run::Handle;
use switchboard_storage::ban;
use switchboard_wire::call::edge::{CutOff, GetCutOff};

impl Handle for GetCutOff {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<CutOff> {
        let since = cx.now.saturating_sub(self.within_ms.max(0));
        let visitors = ban::met_since(&mut cx.tx, since, cx.now, CUT_OFF).await?;
        Ok(CutOff { visitors: visitors.into_iter().map(Into::into).collect() })
    }
}
