//! Giving an account a new one-time password; its sessions end.

use super::lock_managed;
use crate::audit::Report;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::one_time;
use crate::run::{Run, transact};
use crate::shared::Shared;
use crate::staff;
use std::sync::Arc;
use switchboard_domain::{Account, Role};
use switchboard_storage::account::{self, Change};
use switchboard_storage::session::Ended;
use switchboard_wire::call::Access;
use switchboard_wire::call::account::{InitialPassword, ResetPassword};
use switchboard_wire::{Call, Failure};

const CALL: (&str, Access) = (ResetPassword::NAME, ResetPassword::ACCESS);

impl Run for ResetPassword {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<InitialPassword, Failure> {
        let target: Account = transact(&shared, &by, CALL, Mode::Read, |actor, cx| {
            let (role, id) = (self.role, self.id.clone());
            Box::pin(async move {
                actor.manager(role)?;
                super::get_managed(cx, role, &id).await
            })
        })
        .await?;
        let initial_password =
            one_time::password(shared.rng.as_ref(), &target.username, &target.display_name);
        let hash = shared.hasher.hash(initial_password.clone()).await?;
        transact(&shared, &by, CALL, Mode::Write, |actor, cx| {
            let (role, id, hash) = (self.role, self.id.clone(), hash.clone());
            Box::pin(async move {
                let manager = actor.manager(role)?;
                let target = lock_managed(cx, role, &id).await?;
                let change = Change { password: Some((hash, true)), ..Change::default() };
                account::update(&mut cx.tx, &target.id, &change, cx.now).await?;
                staff::end_sessions(cx, &target.id, None, Ended::PasswordChanged).await?;
                if role == Role::Agent {
                    staff::go_offline(cx, &target.id, "offline").await?;
                }
                Report::by_manager(&manager, "password.reset").to(&target).write(cx).await
            })
        })
        .await?;
        Ok(InitialPassword { initial_password })
    }
}
