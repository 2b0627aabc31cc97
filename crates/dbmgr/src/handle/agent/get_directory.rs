//! Whom a conversation can be passed to.

use crate::cx::Cx;
use crate::gate::Actor;
use crate::halt::Outcome;
use crate::handle::settings;
use crate::limits::TEAMS;
use crate::run::Handle;
use std::collections::HashMap;
use switchboard_domain::clock::rfc3339;
use switchboard_domain::limits::PAGE_ITEMS;
use switchboard_domain::{Account, AccountId, Presence, Role};
use switchboard_storage::conversation::Queue;
use switchboard_storage::{Tx, account, automation, conversation, presence, skill, team, team_rules};
use switchboard_wire::call::agent::GetDirectory;
use switchboard_wire::view::{Directory, DirectoryAgent, DirectoryAutomation, DirectoryTeam, PreChat};

/// Agents in the directory at most; those who are there come first.
const AGENTS: usize = 1_000;

impl Handle for GetDirectory {
    async fn handle(self, _: Actor, cx: &mut Cx) -> Outcome<Directory> {
        let (tx, now) = (&mut cx.tx, cx.now);
        let rules = team_rules::all(tx, TEAMS).await?;
        let agents = agents(tx).await?;
        let queues = conversation::queues(tx).await?;
        let teams = team::list(tx, None, PAGE_ITEMS).await?.into_iter().map(|row| {
            let (waiting, waiting_since) = told(queues.get(&Some(row.id.clone())));
            let id = row.id.to_string();
            let there =
                |agent: &&DirectoryAgent| agent.status == Presence::Online && agent.teams.contains(&id);
            let online = i64::try_from(agents.iter().filter(there).count()).unwrap_or(i64::MAX);
            let open = rules.get(&row.id).is_none_or(|rules| rules.is_open(now));
            DirectoryTeam { id, name: row.name, online, open, waiting, waiting_since }
        });
        let teams: Vec<DirectoryTeam> = teams.collect();
        let active = automation::list(tx, None, PAGE_ITEMS).await?.into_iter().filter(|row| row.active);
        let automations = active.map(|row| DirectoryAutomation {
            name: row.name,
            title: row.title,
            description: row.description,
        });
        let (waiting, waiting_since) = told(queues.get(&None));
        let questions = PreChat::from(&settings::load(tx).await?.pre_chat).fields;
        let automations = automations.collect();
        Ok(Directory { agents, teams, automations, waiting, waiting_since, questions })
    }
}

/// How many wait in a queue, and since when the first of them does.
fn told(queue: Option<&Queue>) -> (i64, Option<String>) {
    (queue.map_or(0, |queue| queue.waiting), queue.map(|queue| rfc3339(queue.since)))
}

async fn agents(tx: &mut Tx) -> Outcome<Vec<DirectoryAgent>> {
    let mut accounts: Vec<Account> = Vec::new();
    loop {
        let after = accounts.last().map(|account| account.username.clone());
        let page = account::list(tx, Role::Agent, after.as_deref(), PAGE_ITEMS).await?;
        let last = page.len() < usize::try_from(PAGE_ITEMS).unwrap_or_default();
        accounts.extend(page);
        if last || accounts.len() >= AGENTS {
            break;
        }
    }
    accounts.retain(|account| account.active);
    let ids: Vec<AccountId> = accounts.iter().map(|account| account.id.clone()).collect();
    let mut teams = team::of_accounts(tx, &ids).await?;
    let present: HashMap<AccountId, presence::Status> =
        presence::present(tx).await?.into_iter().map(|row| (row.account.clone(), row)).collect();
    let mut skills = skill::of_accounts(tx, &ids).await?;
    let loads = conversation::loads(tx).await?;
    let mut agents: Vec<DirectoryAgent> = accounts
        .into_iter()
        .map(|account| DirectoryAgent {
            id: account.id.to_string(),
            status: present.get(&account.id).map(|row| row.presence).unwrap_or_default(),
            since: present.get(&account.id).map(|row| rfc3339(row.since)),
            open: loads.get(&account.id).copied().unwrap_or_default(),
            capacity: account.capacity,
            teams: teams.remove(&account.id).unwrap_or_default().into_iter().map(Into::into).collect(),
            skills: skills.remove(&account.id).unwrap_or_default(),
            username: account.username,
            name: account.display_name,
        })
        .collect();
    agents.sort_by(|a, b| (a.status, &a.name, &a.id).cmp(&(b.status, &b.name, &b.id)));
    Ok(agents)
}
