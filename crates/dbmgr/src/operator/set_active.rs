//! `su activate` and `su deactivate`.

use super::lock_super_admin;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::account::patch;
use crate::run::Handle;
use serde::{Deserialize, Serialize};
use switchboard_domain::Role;

/// Activates or deactivates a super admin; repeating it changes nothing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetSuperAdminActive {
    /// Whom.
    pub username: String,
    /// Whether to be active from now on.
    pub active: bool,
}

impl Handle for SetSuperAdminActive {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        actor.operator()?;
        let mut target = lock_super_admin(cx, &self.username).await?;
        if target.active == self.active {
            return Ok(());
        }
        let manager = actor.manager(Role::SuperAdmin)?;
        patch::set_active(cx, &manager, &mut target, self.active).await
    }
}
