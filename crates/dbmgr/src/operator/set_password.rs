//! `su passwd`.

use super::lock_super_admin;
use crate::audit::Report;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::run::{Run, transact};
use crate::shared::Shared;
use crate::staff;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use switchboard_domain::{Role, password};
use switchboard_storage::account::{self, Change};
use switchboard_storage::session::Ended;
use switchboard_wire::{Call, Failure};

/// Gives a super admin another password, which need not be changed; the sessions end.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetSuperAdminPassword {
    /// Whose.
    pub username: String,
    /// The new one.
    pub password: String,
}

impl Run for SetSuperAdminPassword {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<(), Failure> {
        password::check(&self.password, &self.username, &self.username)
            .map_err(|reason| Failure::invalid("password", &reason))?;
        let hash = shared.hasher.hash(self.password).await?;
        transact(&shared, &by, (Self::NAME, Self::ACCESS), Mode::Write, |actor, cx| {
            let (username, hash) = (self.username.clone(), hash.clone());
            Box::pin(async move {
                actor.operator()?;
                let target = lock_super_admin(cx, &username).await?;
                let change = Change { password: Some((hash, false)), ..Change::default() };
                account::update(&mut cx.tx, &target.id, &change, cx.now).await?;
                staff::end_sessions(cx, &target.id, None, Ended::PasswordChanged).await?;
                let manager = actor.manager(Role::SuperAdmin)?;
                Report::by_manager(&manager, "password.reset").to(&target).write(cx).await
            })
        })
        .await
    }
}
