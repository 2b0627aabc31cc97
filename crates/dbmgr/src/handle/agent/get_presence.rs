//! The own presence.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_storage::presence;
use switchboard_wire::call::agent::{GetPresence, OnePresence};

impl Handle for GetPresence {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OnePresence> {
        let row = presence::get(&mut cx.tx, actor.staff()?.id()).await?;
        Ok(OnePresence { status: row.map(|row| row.presence).unwrap_or_default() })
    }
}
