//! Changing an account. Deactivation is one transaction: the account, its sessions, its presence, its
//! conversations.

use super::{AgentsOnly, check_agents_only, check_skills, existing_teams, lock_managed, show};
use crate::audit::Report;
use crate::cx::Cx;
use crate::gate::{Actor, Manager};
use crate::halt::Outcome;
use crate::run::Handle;
use crate::staff;
use serde_json::json;
use switchboard_domain::{Account, Role, account as rules};
use switchboard_storage::session::Ended;
use switchboard_storage::{account, skill, team};
use switchboard_wire::Failure;
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::view::Accounts;

impl Handle for PatchAccount {
    async fn handle(self, actor: Actor, cx: &mut Cx) -> Outcome<Accounts> {
        let manager = actor.manager(self.role)?;
        let (teams, skills) = (self.teams.as_deref(), self.skills.as_deref());
        check_agents_only(self.role, &AgentsOnly { capacity: self.capacity, teams, skills })?;
        let skills = check_skills(skills)?;
        let name = self.display_name.as_deref().map(rules::shown_name).transpose();
        let name = name.map_err(|reason| Failure::invalid("display_name", &reason))?;
        let mut target = lock_managed(cx, self.role, &self.id).await?;
        if let Some(active) = self.active.filter(|active| *active != target.active) {
            set_active(cx, &manager, &mut target, active).await?;
        }
        let teams = match &self.teams {
            Some(ids) => Some(existing_teams(&mut cx.tx, ids).await?),
            None => None,
        };
        let name = name.filter(|name| *name != target.display_name);
        let capacity = self.capacity.filter(|capacity| *capacity != target.capacity);
        if name.is_some() || capacity.is_some() || teams.is_some() || skills.is_some() {
            let detail =
                json!({ "display_name": name, "capacity": capacity, "teams": teams, "skills": skills });
            let change = account::Change { display_name: name, capacity, ..account::Change::default() };
            account::update(&mut cx.tx, &target.id, &change, cx.now).await?;
            if let Some(teams) = teams {
                team::set_of_account(&mut cx.tx, &target.id, &teams).await?;
            }
            if let Some(skills) = skills {
                skill::set(&mut cx.tx, &target.id, &skills).await?;
            }
            target.display_name = change.display_name.unwrap_or(target.display_name);
            target.capacity = change.capacity.unwrap_or(target.capacity);
            Report::by_manager(&manager, "account.changed").to(&target).detail(detail).write(cx).await?;
        }
        Ok(Accounts { account: show(&mut cx.tx, &target).await? })
    }
}

/// Activates or deactivates an account that is locked and is not so yet.
pub(crate) async fn set_active(
    cx: &mut Cx,
    manager: &Manager<'_>,
    target: &mut Account,
    active: bool,
) -> Outcome<()> {
    let change = account::Change { active: Some(active), ..account::Change::default() };
    account::update(&mut cx.tx, &target.id, &change, cx.now).await?;
    target.active = active;
    if !active {
        staff::end_sessions(cx, &target.id, None, Ended::Deactivated).await?;
        if target.role == Role::Agent {
            staff::go_offline(cx, &target.id, "deactivated").await?;
        }
    }
    let action = if active { "account.activated" } else { "account.deactivated" };
    Report::by_manager(manager, action).to(target).write(cx).await
}
