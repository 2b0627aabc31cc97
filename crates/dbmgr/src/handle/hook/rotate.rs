//! Another secret. The one before signs as well for a while, so that a receiver is never without a good signature.

use super::{changed, locked, secret};
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::automation::shown;
use crate::limits::OLD_SECRET_MS;
use crate::run::Handle;
use switchboard_storage::hook::{self, Hook};
use switchboard_wire::call::hook::{HookSecret, RotateHook};

impl Handle for RotateHook {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<HookSecret> {
        let staff = actor.staff()?;
        let (row, before) = locked(cx, &self.name).await?;
        let hook = Hook {
            secret: secret(cx),
            old_secret: Some(before.secret),
            old_until: cx.now.saturating_add(OLD_SECRET_MS),
            ..before
        };
        hook::update(&mut cx.tx, &hook).await?;
        changed(cx, staff, "automation.secret_rotated", &row).await?;
        Ok(HookSecret { automation: shown(cx, &row).await?, secret: hook.secret })
    }
}
