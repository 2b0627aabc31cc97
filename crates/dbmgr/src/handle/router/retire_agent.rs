//! An agent has vanished: offline, and what was held goes back to the queue.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use crate::staff;
use switchboard_domain::AccountId;
use switchboard_faults::{self as faults, Mutant};
use switchboard_storage::account;
use switchboard_wire::Failure;
use switchboard_wire::call::router::RetireAgent;

impl Handle for RetireAgent {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<()> {
        if faults::broken(Mutant::SweepDropped) {
            return Ok(());
        }
        let agent: AccountId = self.agent.parse().map_err(|_| Failure::not_found("agent"))?;
        // Accounts are locked first, as everywhere.
        account::share(&mut cx.tx, std::slice::from_ref(&agent)).await?;
        staff::go_offline(cx, &agent, "vanished").await
    }
}
