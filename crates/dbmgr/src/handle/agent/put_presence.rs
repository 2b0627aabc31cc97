//! Changing the own presence; offline hands conversations back to the queue.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use crate::staff;
use switchboard_domain::Presence;
use switchboard_wire::call::agent::{OnePresence, PutPresence};

impl Handle for PutPresence {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<OnePresence> {
        let agent = actor.staff()?.id();
        match self.status {
            Presence::Offline => staff::go_offline(cx, agent, "offline").await?,
            Presence::Online | Presence::Away => staff::set_presence(cx, agent, self.status).await?,
        }
        Ok(OnePresence { status: self.status })
    }
}
