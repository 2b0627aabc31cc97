//! `su delete`.

use super::lock_super_admin;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use crate::staff;
use serde::{Deserialize, Serialize};
use switchboard_domain::Role;
use switchboard_storage::account;
use switchboard_storage::session::Ended;

/// Deletes a super admin; the name is free again at once.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DeleteSuperAdmin {
    /// Whom.
    pub username: String,
}

impl Handle for DeleteSuperAdmin {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        actor.operator()?;
        let target = lock_super_admin(cx, &self.username).await?;
        staff::end_sessions(cx, &target.id, None, Ended::Deactivated).await?;
        account::delete(&mut cx.tx, &target.id).await?;
        let manager = actor.manager(Role::SuperAdmin)?;
        Report::by_manager(&manager, "account.deleted").to(&target).write(cx).await
    }
}
