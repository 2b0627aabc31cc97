//! An admin makes a key.

use super::show;
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::run::Handle;
use switchboard_domain::identity::KEYS;
use switchboard_domain::{KeyId, Secret, account};
use switchboard_storage::identity::{self, Key};
use switchboard_wire::call::identity::AddIdentityKey;
use switchboard_wire::{Failure, view};

impl Handle for AddIdentityKey {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<view::NewIdentityKey> {
        let staff = actor.staff()?;
        let name = account::shown_name(&self.name).map_err(|bad| Failure::invalid("name", &bad))?;
        let there = identity::lock_keys(&mut cx.tx).await?.len();
        if i64::try_from(there).is_ok_and(|there| there >= KEYS) {
            let why = "there are two keys already, the old one and the new one; revoke the one that no site uses any more";
            return Err(Failure::invalid("name", why).into());
        }
        let secret = Secret::new(cx.shared.rng.as_ref());
        let key = Key {
            id: KeyId::timed(cx.now, cx.shared.rng.as_ref()),
            name,
            secret: secret.expose().to_owned(),
            by_name: staff.row().username.clone(),
            created_at: cx.now,
        };
        identity::insert_key(&mut cx.tx, &key).await?;
        let report = Report::by(staff, "identity_key.added");
        report.about("identity_key", Some(key.id.as_str()), &key.name).write(cx).await?;
        Ok(view::NewIdentityKey { key: show(&key), secret: key.secret })
    }
}
