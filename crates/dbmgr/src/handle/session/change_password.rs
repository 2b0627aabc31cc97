//! Changing the own password; every other session of the account ends.

use crate::audit::Report;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::run::{Run, transact};
use crate::shared::Shared;
use crate::staff;
use std::sync::Arc;
use switchboard_domain::{Account, password};
use switchboard_storage::account::{self, Change};
use switchboard_storage::session::Ended;
use switchboard_wire::call::Access;
use switchboard_wire::call::session::ChangePassword;
use switchboard_wire::{Call, Failure};
use tokio::time::Instant;

const CALL: (&str, Access) = (ChangePassword::NAME, ChangePassword::ACCESS);

impl Run for ChangePassword {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<(), Failure> {
        let own: Account = transact(&shared, &by, CALL, Mode::Read, |actor, cx| {
            Box::pin(async move {
                let found = account::get(&mut cx.tx, actor.staff()?.id()).await?;
                Ok(found.ok_or_else(Failure::unauthenticated)?)
            })
        })
        .await?;
        password::check(&self.new, &own.username, &own.display_name)
            .map_err(|reason| Failure::invalid("new", &reason))?;
        check_current(&self.current, &shared, &own).await?;
        if self.new == self.current {
            return Err(Failure::invalid("new", "choose one that differs from the present one"));
        }
        let hash = shared.hasher.hash(self.new).await?;
        transact(&shared, &by, CALL, Mode::Write, |actor, cx| {
            let (hash, seen) = (hash.clone(), own.password_hash.clone());
            Box::pin(async move {
                let own = actor.staff()?;
                let live = account::lock(&mut cx.tx, own.id()).await?;
                if live.is_none_or(|live| live.password_hash != seen) {
                    return Err(wrong().into());
                }
                let change = Change { password: Some((hash, false)), ..Change::default() };
                account::update(&mut cx.tx, own.id(), &change, cx.now).await?;
                staff::end_sessions(cx, own.id(), Some(own.session()), Ended::PasswordChanged).await?;
                Report::by(own, "password.changed").write(cx).await
            })
        })
        .await
    }
}

/// Whoever sits at a foreign console may not guess for ever.
async fn check_current(current: &str, shared: &Shared, own: &Account) -> Result<(), Failure> {
    let attempt = shared.throttle.begin(&own.username, "own session", Instant::now()).map_err(|wait| {
        let wait_ms = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX).max(1);
        Failure::rate_limited("too many wrong passwords: wait, then try again", wait_ms)
    })?;
    match shared.hasher.verify(current.to_owned(), Some(own.password_hash.clone())).await {
        Ok(true) => {
            attempt.succeeded();
            Ok(())
        }
        Ok(false) => Err(wrong()),
        Err(failure) => {
            attempt.undone();
            Err(failure)
        }
    }
}

fn wrong() -> Failure {
    Failure::invalid("current", "this is not the present password")
}
