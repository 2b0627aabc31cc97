//! Signing in, passwords and sessions.

use switchboard_dbmgr::limits::SIGN_IN_FAILURES;
use switchboard_domain::Role;
use switchboard_domain::limits::{SESSION_ABSOLUTE_MS, SESSION_IDLE_MS};
use switchboard_wire::Credential;
use switchboard_wire::Problem;
use switchboard_wire::call::account::{ListAudit, ResetPassword};
use switchboard_wire::call::edge::TouchSessions;
use switchboard_wire::call::session::{ChangePassword, GetSession, ListSessions, RevokeSession, SignOut};

use crate::on_both;
use crate::people::PASSWORD;
use crate::world::{World, problem};

on_both!(
    every_reason_is_answered_alike,
    ten_failures_make_one_wait_and_only_there,
    a_password_change_ends_the_other_sessions,
    a_new_one_time_password_ends_sessions_and_must_be_changed,
    sessions_are_listed_revoked_and_end_by_themselves,
);

async fn every_reason_is_answered_alike(world: World) {
    let admin = world.admin().await;
    let wrong = world.sign_in("ada", "some other long password").await.unwrap_err();
    let unknown = world.sign_in("nobody", "some other long password").await.unwrap_err();
    let nonsense = world.sign_in("No Name\n", PASSWORD).await.unwrap_err();
    world.database.sql("UPDATE accounts SET active = 0 WHERE username = 'ada'").unwrap();
    let inactive = world.sign_in("ada", PASSWORD).await.unwrap_err();
    assert_eq!(wrong.problem, Problem::Unauthenticated);
    assert!([&unknown, &nonsense, &inactive].iter().all(|failure| **failure == wrong));
    assert_eq!(problem(world.call(&admin.by, GetSession {}).await), Problem::Unauthenticated);

    let (root, _) = world.sign_in("root", PASSWORD).await.unwrap();
    let audit = world.call(&root, ListAudit { limit: None, cursor: None }).await.unwrap();
    let refused: Vec<_> = audit.items.iter().filter(|line| line.action == "session.refused").collect();
    assert_eq!(refused.len(), 4);
    assert!(refused.iter().all(|line| line.actor.is_none() && line.address.as_deref() == Some("127.0.0.1")));
}

async fn ten_failures_make_one_wait_and_only_there(world: World) {
    world.admin().await;
    for _ in 0..SIGN_IN_FAILURES {
        assert_eq!(problem(world.sign_in("ada", "not the right one at all").await), Problem::Unauthenticated);
    }
    let waiting = world.sign_in("ada", PASSWORD).await.unwrap_err();
    assert_eq!(waiting.problem, Problem::RateLimited);
    assert!(waiting.retry_after_ms.is_some_and(|ms| ms > 0));
    world.sign_in_from("ada", PASSWORD, "192.0.2.7").await.expect("the owner gets in from elsewhere");
}

async fn a_password_change_ends_the_other_sessions(world: World) {
    let admin = world.admin().await;
    let (other, _) = world.sign_in("ada", PASSWORD).await.unwrap();
    let change = |current: &str, new: &str| ChangePassword { current: current.into(), new: new.into() };
    let weak = world.call(&admin.by, change(PASSWORD, "short")).await.unwrap_err();
    assert!(weak.problem == Problem::Invalid && weak.errors.contains_key("new"), "{weak}");
    let wrong = world.call(&admin.by, change("not the present one", "neun laute Kraehen im Feld")).await;
    assert!(wrong.unwrap_err().errors.contains_key("current"));
    world.call(&admin.by, change(PASSWORD, "neun laute Kraehen im Feld")).await.unwrap();
    assert!(world.call(&admin.by, GetSession {}).await.is_ok(), "the own session goes on");
    assert_eq!(problem(world.call(&other, GetSession {}).await), Problem::Unauthenticated);
    assert_eq!(problem(world.sign_in("ada", PASSWORD).await), Problem::Unauthenticated);
    world.sign_in("ada", "neun laute Kraehen im Feld").await.unwrap();
}

async fn a_new_one_time_password_ends_sessions_and_must_be_changed(world: World) {
    let root = world.super_admin().await;
    let admin = world.hire(&root, Role::Admin, "ada", None).await;
    let reset = ResetPassword { role: Role::Admin, id: admin.id.clone() };
    let new = world.call(&root.by, reset).await.unwrap().initial_password;
    assert_eq!(problem(world.call(&admin.by, GetSession {}).await), Problem::Unauthenticated);
    let (newcomer, account) = world.sign_in("ada", &new).await.unwrap();
    assert!(account.must_change_password);
    assert!(world.call(&newcomer, GetSession {}).await.is_ok());
    assert_eq!(problem(world.call(&newcomer, ListSessions {}).await), Problem::PasswordChangeRequired);
    let same = ChangePassword { current: new.clone(), new: new.clone() };
    assert_eq!(problem(world.call(&newcomer, same).await), Problem::Invalid);
    let change = ChangePassword { current: new, new: "neun laute Kraehen im Feld".into() };
    world.call(&newcomer, change).await.unwrap();
    assert!(world.call(&newcomer, ListSessions {}).await.is_ok());
}

async fn sessions_are_listed_revoked_and_end_by_themselves(world: World) {
    let admin = world.admin().await;
    let (other, _) = world.sign_in("ada", PASSWORD).await.unwrap();
    let listed = world.call(&admin.by, ListSessions {}).await.unwrap().items;
    assert_eq!(listed.len(), 2);
    let foreign = listed.iter().find(|session| !session.current).unwrap();
    world.call(&admin.by, RevokeSession { id: foreign.id.clone() }).await.unwrap();
    assert_eq!(problem(world.call(&other, GetSession {}).await), Problem::Unauthenticated);
    let again = world.call(&admin.by, RevokeSession { id: foreign.id.clone() }).await;
    assert_eq!(problem(again), Problem::NotFound);

    // Use keeps a session alive; without it, it ends after the idle time.
    let Credential::Staff(token) = &admin.by else { panic!("not staff") };
    for _ in 0..3 {
        world.clock.forward(SESSION_IDLE_MS - 60_000);
        world.house(TouchSessions { sessions: vec![token.clone()] }).await;
    }
    assert!(world.call(&admin.by, GetSession {}).await.is_ok());
    world.clock.forward(SESSION_IDLE_MS);
    assert_eq!(problem(world.call(&admin.by, GetSession {}).await), Problem::Unauthenticated);

    // And however much it is used, it ends after the absolute time.
    let (last, _) = world.sign_in("ada", PASSWORD).await.unwrap();
    let Credential::Staff(token) = &last else { panic!("not staff") };
    let step = SESSION_IDLE_MS / 2;
    for _ in 0..SESSION_ABSOLUTE_MS / step {
        world.clock.forward(step);
        world.house(TouchSessions { sessions: vec![token.clone()] }).await;
    }
    assert_eq!(problem(world.call(&last, GetSession {}).await), Problem::Unauthenticated);

    let (out, _) = world.sign_in("ada", PASSWORD).await.unwrap();
    world.call(&out, SignOut {}).await.unwrap();
    assert_eq!(problem(world.call(&out, GetSession {}).await), Problem::Unauthenticated);
}
