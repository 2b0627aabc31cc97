//! The people of a demonstration: one of each role, with passwords made for this run.

use crate::audit::Report;
use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::{Actor, Mode};
use crate::halt::Outcome;
use crate::handle::account::add;
use crate::one_time;
use crate::run::{Run, transact};
use crate::shared::Shared;
use crate::staff;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use switchboard_domain::limits::DEFAULT_CAPACITY;
use switchboard_domain::{Account, AccountId, Role};
use switchboard_storage::account::{self, Change};
use switchboard_storage::session::Ended;
use switchboard_storage::{FIRST_TEAM, team};
use switchboard_wire::{Call, Failure, Problem};

/// Makes a super admin, an admin and an agent, or gives those of an earlier demonstration new passwords.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MakeDemoPeople {}

/// Somebody to sign in as; the password need not be changed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct DemoPerson {
    /// The role.
    pub role: Role,
    /// The name to sign in with.
    pub username: String,
    /// The password.
    pub password: String,
}

/// Usernames and names that people see.
const PEOPLE: [(Role, &str, &str); 3] = [
    (Role::SuperAdmin, "demo-super", "Sol"),
    (Role::Admin, "demo-admin", "Ada"),
    (Role::Agent, "demo-agent", "Maya"),
];

impl Run for MakeDemoPeople {
    async fn run(self, by: Authority, shared: Arc<Shared>) -> Result<Vec<DemoPerson>, Failure> {
        let mut people = Vec::with_capacity(PEOPLE.len());
        for (role, username, display_name) in PEOPLE {
            let password = one_time::password(shared.rng.as_ref(), username, display_name);
            let hash = shared.hasher.hash(password.clone()).await?;
            let now = shared.clock.now();
            let person = Account {
                id: AccountId::random(shared.rng.as_ref()),
                username: username.into(),
                display_name: display_name.into(),
                role,
                active: true,
                must_change_password: false,
                password_hash: hash,
                capacity: DEFAULT_CAPACITY,
                created_at: now,
                updated_at: now,
            };
            transact(&shared, &by, (Self::NAME, Self::ACCESS), Mode::Write, |actor, cx| {
                Box::pin(make(actor, cx, person.clone()))
            })
            .await?;
            people.push(DemoPerson { role, username: username.into(), password });
        }
        Ok(people)
    }
}

async fn make(actor: Actor, cx: &mut Cx, person: Account) -> Outcome<()> {
    actor.operator()?;
    match account::by_username(&mut cx.tx, &person.username).await? {
        None => add::insert(&mut cx.tx, &person).await?,
        Some(old) if old.role == person.role => {
            account::lock(&mut cx.tx, &old.id).await?;
            let password = Some((person.password_hash.clone(), false));
            let change = Change { active: Some(true), password, ..Change::default() };
            account::update(&mut cx.tx, &old.id, &change, cx.now).await?;
            staff::end_sessions(cx, &old.id, None, Ended::PasswordChanged).await?;
            return Report::new("account.demo").to(&old).write(cx).await;
        }
        Some(old) => {
            let detail = format!("{} is taken by somebody else: use an empty data folder", old.username);
            return Err(Failure::new(Problem::Taken, detail).into());
        }
    }
    if person.role == Role::Agent {
        let first = team::list(&mut cx.tx, None, 200).await?;
        let first = first.into_iter().filter(|team| team.name == FIRST_TEAM);
        let teams: Vec<_> = first.map(|team| team.id).collect();
        team::set_of_account(&mut cx.tx, &person.id, &teams).await?;
    }
    Report::new("account.demo").to(&person).write(cx).await
}
