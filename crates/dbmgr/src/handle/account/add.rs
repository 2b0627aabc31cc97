//! Making an account with a one-time initial password.

use super::{AgentsOnly, check_agents_only, check_skills, existing_teams, show};
use crate::audit::Report;
use crate::authority::Authority;
use crate::gate::Mode;
use crate::halt::{Halt, Outcome};
use crate::one_time;
use crate::run::{Run, transact};
use crate::shared::Shared;
use std::sync::Arc;
use switchboard_domain::limits::DEFAULT_CAPACITY;
use switchboard_domain::{Account, AccountId, account as rules};
use switchboard_storage::{Error, Tx, Unique, account, skill, team};
use switchboard_wire::call::Access;
use switchboard_wire::call::account::AddAccount;
use switchboard_wire::view::NewAccount;
use switchboard_wire::{Call, Failure, Problem};

const CALL: (&str, Access) = (AddAccount::NAME, AddAccount::ACCESS);

impl Run for AddAccount {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<NewAccount, Failure> {
        // Nobody makes us hash who may not.
        transact(&shared, &by, CALL, Mode::Read, |actor, _| {
            Box::pin(async move { actor.manager(self.role).map(drop) })
        })
        .await?;
        let username =
            rules::username(&self.username).map_err(|reason| Failure::invalid("username", &reason))?;
        let display_name = self.display_name.as_deref().unwrap_or(&username);
        let display_name =
            rules::shown_name(display_name).map_err(|reason| Failure::invalid("display_name", &reason))?;
        let (teams, skills) = (self.teams.as_deref(), self.skills.as_deref());
        check_agents_only(self.role, &AgentsOnly { capacity: self.capacity, teams, skills })?;
        let skills = check_skills(skills)?.unwrap_or_default();
        let initial_password = one_time::password(shared.rng.as_ref(), &username, &display_name);
        let password_hash = shared.hasher.hash(initial_password.clone()).await?;
        let now = shared.clock.now();
        let made = Account {
            id: AccountId::random(shared.rng.as_ref()),
            username,
            display_name,
            role: self.role,
            active: true,
            must_change_password: true,
            password_hash,
            capacity: self.capacity.unwrap_or(DEFAULT_CAPACITY),
            created_at: now,
            updated_at: now,
        };
        let asked = self.teams.unwrap_or_default();
        let account = transact(&shared, &by, CALL, Mode::Write, |actor, cx| {
            let (made, asked, skills) = (made.clone(), asked.clone(), skills.clone());
            Box::pin(async move {
                let manager = actor.manager(made.role)?;
                let teams = existing_teams(&mut cx.tx, &asked).await?;
                insert(&mut cx.tx, &made).await?;
                if !teams.is_empty() {
                    team::set_of_account(&mut cx.tx, &made.id, &teams).await?;
                }
                if !skills.is_empty() {
                    skill::set(&mut cx.tx, &made.id, &skills).await?;
                }
                Report::by_manager(&manager, "account.added").to(&made).write(cx).await?;
                show(&mut cx.tx, &made).await
            })
        })
        .await?;
        Ok(NewAccount { account, initial_password })
    }
}

/// Adds the row; a name that somebody has is refused.
pub(crate) async fn insert(tx: &mut Tx, made: &Account) -> Outcome<()> {
    account::insert(tx, made).await.map_err(|error| match error {
        Error::Conflict(Unique::Username) => {
            let detail = format!("the username {} is taken: choose another one", made.username);
            let mut failure = Failure::new(Problem::Taken, detail);
            failure.errors.insert("username".into(), "taken".into());
            Halt::Refused(failure)
        }
        error => error.into(),
    })
}
