//! What `su` does, on the machine.

use std::sync::Arc;

use switchboard_dbmgr::operator::{
    AddSuperAdmin, DeleteSuperAdmin, MakeDemoPeople, SetSuperAdminActive, SetSuperAdminPassword,
};
use switchboard_dbmgr::{Authority, Dbmgr};
use switchboard_domain::{Clock, Role};
use switchboard_storage::{Options, Store};
use switchboard_wire::call::account::ListAccounts;
use switchboard_wire::call::session::GetSession;
use switchboard_wire::{Credential, Problem};

use crate::on_both;
use crate::people::PASSWORD;
use crate::world::{Dice, World, problem};

on_both!(su_works_beside_a_running_server, only_the_operator_may, demonstration_people_can_sign_in_at_once,);

fn add(name: &str, allow_another: bool) -> AddSuperAdmin {
    AddSuperAdmin { username: name.into(), password: PASSWORD.into(), allow_another }
}

async fn su_works_beside_a_running_server(world: World) {
    let store = Store::open(&world.database.url(), Options::default()).await.unwrap();
    let clock = Arc::clone(&world.clock) as Arc<dyn Clock>;
    let su = Dbmgr::offline(store, clock, Arc::new(Dice));
    let operator = Authority::Operator;
    let weak = AddSuperAdmin { password: "short".into(), ..add("root", false) };
    assert_eq!(problem(su.call(operator.clone(), weak).await), Problem::Invalid);
    su.call(operator.clone(), add("root", false)).await.unwrap();
    assert_eq!(problem(su.call(operator.clone(), add("two", false)).await), Problem::Taken);
    assert_eq!(problem(su.call(operator.clone(), add("root", true)).await), Problem::Taken);
    su.call(operator.clone(), add("two", true)).await.unwrap();
    let list = ListAccounts { role: Role::SuperAdmin, limit: None, cursor: None };
    let listed = su.call(operator.clone(), list).await.unwrap().items;
    assert_eq!(listed.iter().map(|row| row.username.as_str()).collect::<Vec<_>>(), ["root", "two"]);

    let (session, account) = world.sign_in("root", PASSWORD).await.unwrap();
    assert!(!account.must_change_password);
    let passwd = SetSuperAdminPassword { username: "root".into(), password: "neun laute Kraehen".into() };
    su.call(operator.clone(), passwd).await.unwrap();
    assert_eq!(problem(world.call(&session, GetSession {}).await), Problem::Unauthenticated);
    let (session, _) = world.sign_in("root", "neun laute Kraehen").await.unwrap();
    let active = |active| SetSuperAdminActive { username: "root".into(), active };
    for _ in 0..2 {
        su.call(operator.clone(), active(false)).await.unwrap();
    }
    assert_eq!(problem(world.call(&session, GetSession {}).await), Problem::Unauthenticated);
    su.call(operator.clone(), active(true)).await.unwrap();
    assert_eq!(problem(world.call(&session, GetSession {}).await), Problem::Unauthenticated);
    su.call(operator.clone(), DeleteSuperAdmin { username: "root".into() }).await.unwrap();
    assert_eq!(
        problem(su.call(operator.clone(), DeleteSuperAdmin { username: "root".into() }).await),
        Problem::NotFound
    );
    su.call(operator, add("root", true)).await.expect("the name is free again");
    let events = world.count("SELECT COUNT(*) FROM audit WHERE action = 'account.deactivated'");
    assert_eq!(events, 1, "repeating it makes no second event");
}

async fn only_the_operator_may(world: World) {
    let admin = world.admin().await;
    for by in [Credential::Nobody, Credential::Component, admin.by] {
        let refused = problem(world.call(&by, add("evil", true)).await);
        assert!(matches!(refused, Problem::Forbidden | Problem::Unauthenticated));
    }
    let list = ListAccounts { role: Role::SuperAdmin, limit: None, cursor: None };
    assert_eq!(problem(world.call(&Credential::Component, list).await), Problem::Forbidden);
    // And no bus carries it.
    let caller = switchboard_bus::Caller::new(Arc::clone(&world.bus)).await.unwrap();
    let second = std::time::Duration::from_secs(1);
    let asked = caller.call(&Credential::Component, &add("evil", true), second).await;
    assert_eq!(problem(asked), Problem::Unavailable);
}

async fn demonstration_people_can_sign_in_at_once(world: World) {
    let mut before = None;
    for _ in 0..2 {
        let people = world.dbmgr().call(Authority::Operator, MakeDemoPeople {}).await.unwrap();
        assert_eq!(
            people.iter().map(|p| p.role).collect::<Vec<_>>(),
            [Role::SuperAdmin, Role::Admin, Role::Agent]
        );
        for person in &people {
            let (_, account) = world.sign_in(&person.username, &person.password).await.unwrap();
            assert!(!account.must_change_password);
            assert_eq!(account.teams.map(|teams| teams.len()), (person.role == Role::Agent).then_some(1));
        }
        let passwords: Vec<String> = people.into_iter().map(|person| person.password).collect();
        assert_ne!(before, Some(passwords.clone()), "passwords are made for this run");
        before = Some(passwords);
    }
}
