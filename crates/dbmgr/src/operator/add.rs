//! `su add`.

use crate::audit::Report;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::handle::account::{add, show};
use crate::run::{Run, transact};
use crate::shared::Shared;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use switchboard_domain::limits::DEFAULT_CAPACITY;
use switchboard_domain::{Account, AccountId, Role, account as rules, password};
use switchboard_storage::account;
use switchboard_wire::{Call, Failure, Problem, view};

/// Adds a super admin with a password that need not be changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AddSuperAdmin {
    /// The name to sign in with, also the one that people see.
    pub username: String,
    /// The password.
    pub password: String,
    /// Whether there may be one already.
    pub allow_another: bool,
}

impl Run for AddSuperAdmin {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<view::Account, Failure> {
        let username =
            rules::username(&self.username).map_err(|reason| Failure::invalid("username", &reason))?;
        password::check(&self.password, &username, &username)
            .map_err(|reason| Failure::invalid("password", &reason))?;
        let password_hash = shared.hasher.hash(self.password).await?;
        let now = shared.clock.now();
        let made = Account {
            id: AccountId::random(shared.rng.as_ref()),
            display_name: username.clone(),
            username,
            role: Role::SuperAdmin,
            active: true,
            must_change_password: false,
            password_hash,
            capacity: DEFAULT_CAPACITY,
            created_at: now,
            updated_at: now,
        };
        transact(&shared, &by, (Self::NAME, Self::ACCESS), Mode::Write, |actor, cx| {
            let made = made.clone();
            Box::pin(async move {
                actor.operator()?;
                if !self.allow_another && account::count(&mut cx.tx, Role::SuperAdmin).await? > 0 {
                    let detail = "there is a super admin already (`switchboard su list`); give --allow-another \
                                  to add one more";
                    return Err(Failure::new(Problem::Taken, detail).into());
                }
                add::insert(&mut cx.tx, &made).await?;
                let manager = actor.manager(Role::SuperAdmin)?;
                Report::by_manager(&manager, "account.added").to(&made).write(cx).await?;
                show(&mut cx.tx, &made).await
            })
        })
        .await
    }
}
