//! Who may: judged in the transaction that commits, never before it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use switchboard_domain::{Role, Status};
use switchboard_wire::call::account::{AddAccount, ListAccounts, ListAudit, PatchAccount};
use switchboard_wire::call::agent::GetPresence;
use switchboard_wire::call::conversation::{
    Claim, GetConversation, GetEntries, Handoff, ListConversations, Rate, Resolve, View,
};
use switchboard_wire::call::edge::Follow;
use switchboard_wire::call::router::Sweep;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::call::visitor::StartWith;
use switchboard_wire::{Credential, Problem};

use crate::on_both;
use crate::people::{PASSWORD, Person, key, message};
use crate::world::{World, problem};

on_both!(
    each_role_does_its_own_job_and_no_other,
    deactivation_is_one_act_and_repeating_it_none,
    nothing_is_committed_after_a_deactivation,
    a_row_deleted_by_hand_counts_at_once,
    a_flag_set_by_hand_counts_at_once,
    another_visitors_conversation_does_not_exist,
    agents_see_own_teams_and_teamless_ones,
);

fn patch(role: Role, id: &str, active: bool) -> PatchAccount {
    PatchAccount {
        role,
        id: id.into(),
        active: Some(active),
        display_name: None,
        capacity: None,
        teams: None,
        skills: None,
    }
}

async fn each_role_does_its_own_job_and_no_other(world: World) {
    let root = world.super_admin().await;
    let admin = world.hire(&root, Role::Admin, "ada", None).await;
    let agent = world.hire(&admin, Role::Agent, "maya", None).await;
    let list = |role| ListAccounts { role, limit: None, cursor: None };
    for (who, may) in [(&root, Some(Role::Admin)), (&admin, Some(Role::Agent)), (&agent, None)] {
        for role in [Role::SuperAdmin, Role::Admin, Role::Agent] {
            let answer = world.call(&who.by, list(role)).await;
            assert_eq!(answer.is_ok(), may == Some(role), "{} lists {role:?}", who.name);
        }
    }
    let add = AddAccount {
        role: Role::Agent,
        username: "eve".into(),
        display_name: None,
        capacity: None,
        teams: None,
        skills: None,
    };
    for by in [&root.by, &agent.by, &Credential::Component] {
        assert_eq!(problem(world.call(by, add.clone()).await), Problem::Forbidden);
    }
    // Neither chats; agents do nothing else.
    let mine = ListConversations {
        view: View::Mine,
        status: None,
        q: None,
        tag: None,
        team: None,
        limit: None,
        cursor: None,
    };
    assert_eq!(problem(world.call(&admin.by, mine.clone()).await), Problem::Forbidden);
    assert_eq!(problem(world.call(&root.by, mine.clone()).await), Problem::Forbidden);
    assert!(world.call(&agent.by, mine).await.is_ok());
    let team = AddTeam { name: "Sales".into(), answer_s: None, rules: None };
    assert_eq!(problem(world.call(&agent.by, team.clone()).await), Problem::Forbidden);
    assert!(world.call(&admin.by, team.clone()).await.is_ok());
    assert_eq!(problem(world.call(&admin.by, team).await), Problem::Taken);
    // An admin is no agent's business, and not found under the wrong role.
    assert_eq!(problem(world.call(&admin.by, patch(Role::Agent, &admin.id, false)).await), Problem::NotFound);
    assert_eq!(problem(world.call(&root.by, patch(Role::Admin, &agent.id, false)).await), Problem::NotFound);
    let audit = ListAudit { limit: None, cursor: None };
    let seen = world.call(&admin.by, audit.clone()).await.unwrap().items;
    assert!(
        !seen.is_empty() && seen.iter().all(|line| line.target.as_ref().is_none_or(|t| t.kind != "admin"))
    );
    assert!(world.call(&root.by, audit.clone()).await.unwrap().items.len() > seen.len());
    assert_eq!(problem(world.call(&agent.by, audit).await), Problem::Forbidden);
    assert_eq!(problem(world.call(&Credential::Nobody, GetSession {}).await), Problem::Unauthenticated);
    assert_eq!(problem(world.call(&agent.by, Sweep {}).await), Problem::Forbidden);
}

async fn deactivation_is_one_act_and_repeating_it_none(world: World) {
    let (admin, agent) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.call(&agent.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    world.say(&agent, &c.id, "hello").await.unwrap();
    for _ in 0..2 {
        let answer = world.call(&admin.by, patch(Role::Agent, &agent.id, false)).await.unwrap();
        assert!(!answer.account.active);
    }
    let state = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await.unwrap();
    assert_eq!((state.owner.kind.as_str(), state.status), ("queue", Status::Open));
    assert_eq!(state.queue.map(|place| place.position), Some(1));
    let entries = GetEntries { id: c.id.clone(), after: None, before: None, limit: None };
    let lines = world.call(&visitor.by, entries).await.unwrap().items;
    let requeued: Vec<_> = lines.iter().filter(|line| line.get().contains("requeued")).collect();
    assert!(requeued.len() == 1 && requeued[0].get().contains("deactivated"), "{requeued:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'account.deactivated'"), 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM sessions WHERE ended = 'deactivated'"), 1);
    assert_eq!(problem(world.say(&agent, &c.id, "still here?").await), Problem::Unauthenticated);
    assert_eq!(problem(world.sign_in("maya", PASSWORD).await), Problem::Unauthenticated);
    // Activated again, the old session stays dead, and presence is offline.
    world.call(&admin.by, patch(Role::Agent, &agent.id, true)).await.unwrap();
    assert_eq!(problem(world.call(&agent.by, GetPresence {}).await), Problem::Unauthenticated);
    let (back, _) = world.sign_in("maya", PASSWORD).await.unwrap();
    let presence = world.call(&back, GetPresence {}).await.unwrap();
    assert_eq!(presence.status.as_str(), "offline");
}

/// An agent who writes as fast as possible is deactivated in the middle of it.
async fn nothing_is_committed_after_a_deactivation(world: World) {
    let (admin, agent) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.call(&agent.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    let (world, agent, id) = (Arc::new(world), Arc::new(agent), Arc::new(c.id));
    let over = Arc::new(AtomicBool::new(false));
    let writers: Vec<_> = (0..4)
        .map(|_| {
            let (world, agent, id, over) = (world.clone(), agent.clone(), id.clone(), over.clone());
            tokio::spawn(async move {
                let mut acked = 0;
                while !over.load(Ordering::SeqCst) {
                    match world.say(&agent, &id, "word").await {
                        Ok(_) => acked += 1,
                        Err(failure) => assert!(
                            [Problem::Unauthenticated, Problem::NotOwner].contains(&failure.problem),
                            "{failure}"
                        ),
                    }
                }
                acked
            })
        })
        .collect();
    tokio::time::sleep(std::time::Duration::from_millis(150)).await;
    world.call(&admin.by, patch(Role::Agent, &agent.id, false)).await.unwrap();
    let count =
        || world.count("SELECT COUNT(*) FROM entries WHERE author_kind = 'agent' AND kind = 'message'");
    let at_commit = count();
    assert_eq!(problem(world.say(&agent, &id, "too late").await), Problem::Unauthenticated);
    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    over.store(true, Ordering::SeqCst);
    let mut acked = 0;
    for writer in writers {
        acked += writer.await.unwrap();
    }
    assert!(acked > 0, "the agent wrote before the end");
    assert_eq!(count(), at_commit, "nothing after the deactivation");
    assert_eq!(count(), acked, "what was stored was acknowledged, what was acknowledged is stored");
    let last = "SELECT MAX(seq) FROM entries WHERE author_kind = 'agent' AND kind = 'message'";
    let requeued = "SELECT MAX(seq) FROM entries WHERE body LIKE '%\"requeued\"%'";
    assert!(world.count(last) < world.count(requeued));
}

async fn by_hand(world: World, statement: &str) {
    let (admin, agent) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.call(&agent.by, Claim { id: c.id.clone(), fence: c.fence }).await.unwrap();
    world.say(&agent, &c.id, "hello").await.unwrap();
    world.database.sql(statement).unwrap();
    assert_eq!(problem(world.say(&agent, &c.id, "more").await), Problem::Unauthenticated);
    let state = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await.unwrap();
    let claim = Claim { id: c.id.clone(), fence: state.fence };
    assert_eq!(problem(world.call(&agent.by, claim).await), Problem::Unauthenticated);
    let swept = world.house(Sweep {}).await;
    assert_eq!((swept.conversations, swept.sessions), (1, 1));
    assert_eq!(world.house(Sweep {}).await, Default::default(), "nothing is left to do");
    let state = world.call(&visitor.by, GetConversation { id: c.id.clone() }).await.unwrap();
    assert_eq!(state.owner.kind, "queue");
    let entries = GetEntries { id: c.id, after: None, before: None, limit: None };
    let lines = world.call(&visitor.by, entries).await.unwrap().items;
    assert!(lines.iter().any(|line| line.get().contains(r#""name":"maya""#)), "history keeps the name");
    assert_eq!(world.count("SELECT COUNT(*) FROM presence WHERE status <> 'offline'"), 0);
    drop(admin);
}

async fn a_row_deleted_by_hand_counts_at_once(world: World) {
    let admin_again = "DELETE FROM accounts WHERE username = 'maya'";
    by_hand(world, admin_again).await;
}

async fn a_flag_set_by_hand_counts_at_once(world: World) {
    by_hand(world, "UPDATE accounts SET active = 0 WHERE username = 'maya'").await;
}

async fn another_visitors_conversation_does_not_exist(world: World) {
    let (owner, other) = (world.visitor().await, world.visitor().await);
    let c = world.begin(&owner, StartWith::Automation("mat".into())).await;
    let id = c.id.clone();
    assert_eq!(problem(world.say(&other, &id, "hi").await), Problem::NotFound);
    assert_eq!(problem(world.say(&other, "no such id", "hi").await), Problem::NotFound);
    let by = &other.by;
    let follow = Follow { conversation: id.clone(), last_seq: 0, last_id: None };
    let entries = GetEntries { id: id.clone(), after: None, before: None, limit: None };
    assert_eq!(problem(world.call(by, GetConversation { id: id.clone() }).await), Problem::NotFound);
    assert_eq!(problem(world.call(by, entries).await), Problem::NotFound);
    assert_eq!(problem(world.call(by, follow).await), Problem::NotFound);
    assert_eq!(problem(world.call(by, Handoff { id: id.clone() }).await), Problem::NotFound);
    assert_eq!(problem(world.call(by, Resolve { id: id.clone(), fence: None }).await), Problem::NotFound);
    assert_eq!(problem(world.call(by, Rate { id, score: 1, comment: None }).await), Problem::NotFound);
    let stranger = Person { id: String::new(), name: String::new(), by: Credential::Nobody };
    assert_eq!(problem(world.say(&stranger, &c.id, "hi").await), Problem::Unauthenticated);
}

async fn agents_see_own_teams_and_teamless_ones(world: World) {
    let (admin, agent) = world.agent("maya").await;
    let team = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    let visitor = world.visitor().await;
    let sales = world.begin(&visitor, StartWith::Team(team.id.clone())).await;
    let teamless = world.begin(&visitor, StartWith::People).await;
    let get = |id: &str| GetConversation { id: id.into() };
    assert_eq!(problem(world.call(&agent.by, get(&sales.id)).await), Problem::NotFound);
    let claim = Claim { id: sales.id.clone(), fence: sales.fence };
    assert_eq!(problem(world.call(&agent.by, claim.clone()).await), Problem::NotFound);
    let answers = world.append(vec![message(&agent, &sales.id, &key(), "hi")]).await;
    assert_eq!(answers[0].as_ref().unwrap_err().problem, Problem::NotFound);
    assert!(world.call(&agent.by, get(&teamless.id)).await.is_ok());
    let queue = ListConversations {
        view: View::Queue,
        status: None,
        q: None,
        tag: None,
        team: None,
        limit: None,
        cursor: None,
    };
    assert_eq!(world.call(&agent.by, queue.clone()).await.unwrap().items.len(), 1);
    let join =
        PatchAccount { active: None, teams: Some(vec![team.id]), ..patch(Role::Agent, &agent.id, true) };
    let answer = world.call(&admin.by, join).await.unwrap();
    assert_eq!(answer.account.teams.map(|teams| teams.len()), Some(1));
    assert_eq!(world.call(&agent.by, queue).await.unwrap().items.len(), 2);
    world.call(&agent.by, claim).await.unwrap();
}
