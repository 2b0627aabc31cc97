//! Accounts, managed by the role above, and the audit log.

pub(crate) mod add;
mod list;
mod list_audit;
pub(crate) mod patch;
mod reset_password;

use crate::cx::Cx;
use crate::halt::Outcome;
use switchboard_domain::limits::MAX_CAPACITY;
use switchboard_domain::{Account, AccountId, Role, TeamId, skill as skill_rules};
use switchboard_storage::{Tx, account, skill, team};
use switchboard_wire::{Failure, view};

/// An account with its teams, as it is shown.
pub(crate) async fn show(tx: &mut Tx, account: &Account) -> Outcome<view::Account> {
    let (teams, skills) = match account.role {
        Role::Agent => (team::of_account(tx, &account.id).await?, skill::of_account(tx, &account.id).await?),
        Role::SuperAdmin | Role::Admin => (Vec::new(), Vec::new()),
    };
    Ok(view::Account::of(account, &teams, &skills))
}

/// The account of this id, locked, if it has the role that the caller manages.
async fn lock_managed(cx: &mut Cx, role: Role, id: &str) -> Outcome<Account> {
    let unknown = || Failure::not_found(noun(role));
    let id: AccountId = id.parse().map_err(|_| unknown())?;
    let found = account::lock(&mut cx.tx, &id).await?.filter(|account| account.role == role);
    Ok(found.ok_or_else(unknown)?)
}

/// The same for reading.
async fn get_managed(cx: &mut Cx, role: Role, id: &str) -> Outcome<Account> {
    let unknown = || Failure::not_found(noun(role));
    let id: AccountId = id.parse().map_err(|_| unknown())?;
    let found = account::get(&mut cx.tx, &id).await?.filter(|account| account.role == role);
    Ok(found.ok_or_else(unknown)?)
}

/// What an account of this role is called.
pub(crate) fn noun(role: Role) -> &'static str {
    match role {
        Role::SuperAdmin => "super admin",
        Role::Admin => "admin",
        Role::Agent => "agent",
    }
}

/// What a caller says of an account that only agents have.
struct AgentsOnly<'a> {
    capacity: Option<i64>,
    teams: Option<&'a [String]>,
    skills: Option<&'a [String]>,
}

/// The skills that a caller gave, if any.
fn check_skills(given: Option<&[String]>) -> Result<Option<Vec<String>>, Failure> {
    let checked = given.map(skill_rules::skills).transpose();
    checked.map_err(|reason| Failure::invalid("skills", &reason))
}

/// Refuses what only agents have, and a capacity that makes no sense.
fn check_agents_only(role: Role, given: &AgentsOnly<'_>) -> Result<(), Failure> {
    let AgentsOnly { capacity, teams, skills } = *given;
    if role != Role::Agent {
        let given =
            [("capacity", capacity.is_some()), ("teams", teams.is_some()), ("skills", skills.is_some())];
        for (field, given) in given {
            if given {
                return Err(Failure::invalid(field, "only agents have this"));
            }
        }
    }
    match capacity {
        Some(capacity) if !(0..=MAX_CAPACITY).contains(&capacity) => {
            Err(Failure::invalid("capacity", &format!("give a number from 0 to {MAX_CAPACITY}")))
        }
        _ => Ok(()),
    }
}

/// The ids of teams that all exist.
async fn existing_teams(tx: &mut Tx, ids: &[String]) -> Outcome<Vec<TeamId>> {
    let mut teams = Vec::with_capacity(ids.len());
    for id in ids {
        let unknown = || Failure::invalid("teams", &format!("there is no team with the id {id:?}"));
        let parsed: TeamId = id.parse().map_err(|_| unknown())?;
        if teams.contains(&parsed) {
            continue;
        }
        if team::get(tx, &parsed).await?.is_none() {
            return Err(unknown().into());
        }
        teams.push(parsed);
    }
    Ok(teams)
}
