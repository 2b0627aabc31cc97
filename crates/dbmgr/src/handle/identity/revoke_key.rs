//! An admin ends a key.

use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::KeyId;
use switchboard_storage::identity;
use switchboard_wire::Failure;
use switchboard_wire::call::identity::RevokeIdentityKey;

impl Handle for RevokeIdentityKey {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<()> {
        let staff = actor.staff()?;
        let unknown = || Failure::not_found("key");
        let id: KeyId = self.id.parse().map_err(|_| unknown())?;
        // All are locked, so that two who revoke, or one who proves somebody, do not meet half-way.
        let keys = identity::lock_keys(&mut cx.tx).await?;
        let gone = keys.into_iter().find(|key| key.id == id).ok_or_else(unknown)?;
        identity::delete_key(&mut cx.tx, &gone.id).await?;
        let report = Report::by(staff, "identity_key.revoked");
        report.about("identity_key", Some(gone.id.as_str()), &gone.name).write(cx).await
    }
}
