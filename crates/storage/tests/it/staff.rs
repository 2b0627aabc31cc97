//! Accounts, sessions, teams and presence.

use crate::fixture::{Dice, Fixture, NOW, add_account, an_account, both};
use switchboard_domain::{AccountId, Presence, Role, SessionId, TeamId, TokenHash};
use switchboard_storage::session::{Ended, Session};
use switchboard_storage::team::Team;
use switchboard_storage::{Error, Store, Unique, account, audit, automation, presence, session, team};

both!(
    accounts_round_trip,
    usernames_are_unique_and_lists_are_paged,
    sessions_follow_the_live_account,
    a_sweep_takes_what_nobody_can_use,
    teams_and_presence,
    audit_is_paged_newest_first,
    automations_keep_what_an_admin_decided,
);

fn a_session(account: &AccountId) -> Session {
    let id = SessionId::timed(NOW, &Dice);
    Session {
        token: TokenHash::of(id.as_str()),
        id,
        account: account.clone(),
        created_at: NOW,
        last_seen_at: NOW,
        expires_at: NOW + 1_000_000,
        address: "127.0.0.1".into(),
        agent: "Browser/1.0 (😀)".into(),
        ended: None,
        ended_at: None,
    }
}

async fn add_session(store: &Store, account: &AccountId) -> Session {
    let session = a_session(account);
    let mut tx = store.write().await.unwrap();
    session::insert(&mut tx, &session).await.unwrap();
    tx.commit().await.unwrap();
    session
}

async fn accounts_round_trip(f: Fixture) {
    let maya = add_account(&f.store, "maya", Role::Agent).await;
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(account::get(&mut tx, &maya.id).await.unwrap(), Some(maya.clone()));
    assert_eq!(account::by_username(&mut tx, "maya").await.unwrap(), Some(maya.clone()));
    for none in ["Maya", "maya ", "máya", "maya\0", ""] {
        assert_eq!(account::by_username(&mut tx, none).await.unwrap(), None, "{none:?}");
    }
    let change = account::Change {
        active: Some(false),
        password: Some(("$new".into(), true)),
        ..account::Change::default()
    };
    assert!(account::update(&mut tx, &maya.id, &change, NOW + 5).await.unwrap());
    let stored = account::lock(&mut tx, &maya.id).await.unwrap().unwrap();
    assert!(!stored.active && stored.must_change_password);
    assert_eq!((stored.password_hash.as_str(), stored.updated_at), ("$new", NOW + 5));
    assert_eq!((stored.display_name, stored.capacity), (maya.display_name, 4), "what is None stays");
    // The same again matches the row although nothing changes.
    assert!(account::update(&mut tx, &maya.id, &change, NOW + 5).await.unwrap());
    assert!(account::delete(&mut tx, &maya.id).await.unwrap());
    assert!(!account::delete(&mut tx, &maya.id).await.unwrap());
    assert!(!account::update(&mut tx, &maya.id, &change, NOW + 6).await.unwrap());
    tx.commit().await.unwrap();
    add_account(&f.store, "maya", Role::Admin).await;
}

async fn usernames_are_unique_and_lists_are_paged(f: Fixture) {
    for n in 0..7 {
        add_account(&f.store, &format!("agent{n}"), Role::Agent).await;
    }
    let mut tx = f.store.write().await.unwrap();
    let taken = account::insert(&mut tx, &an_account("agent3", Role::SuperAdmin)).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::Username))), "{taken:?}");
    tx.rollback().await;

    let mut tx = f.store.read().await.unwrap();
    let (mut names, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = account::list(&mut tx, Role::Agent, after.as_deref(), 3).await.unwrap();
        let Some(last) = page.last() else { break };
        after = Some(last.username.clone());
        names.extend(page.into_iter().map(|account| account.username));
    }
    assert_eq!(names, (0..7).map(|n| format!("agent{n}")).collect::<Vec<_>>());
    assert_eq!(account::count(&mut tx, Role::Agent).await.unwrap(), 7);
    assert_eq!(account::count(&mut tx, Role::Admin).await.unwrap(), 0);
}

async fn sessions_follow_the_live_account(f: Fixture) {
    let maya = add_account(&f.store, "maya", Role::Agent).await;
    let (one, two) = (add_session(&f.store, &maya.id).await, add_session(&f.store, &maya.id).await);
    let mut tx = f.store.write().await.unwrap();
    let actor = session::lock_actor(&mut tx, &one.token).await.unwrap().unwrap();
    assert_eq!((actor.session.clone(), actor.role, actor.active), (one.clone(), Role::Agent, true));
    assert_eq!(session::lock_actor(&mut tx, &TokenHash::of("none")).await.unwrap(), None);
    let tokens = [one.token.clone(), TokenHash::of("none"), two.token.clone(), one.token.clone()];
    assert_eq!(session::lock_actors(&mut tx, &tokens).await.unwrap().len(), 2);

    assert_eq!(
        session::end_all(&mut tx, &maya.id, Some(&one.id), Ended::PasswordChanged, NOW + 1).await.unwrap(),
        1
    );
    let ended = session::lock_actor(&mut tx, &two.token).await.unwrap().unwrap().session;
    assert_eq!((ended.ended, ended.ended_at), (Some(Ended::PasswordChanged), Some(NOW + 1)));
    assert_eq!(session::of_account(&mut tx, &maya.id).await.unwrap(), std::slice::from_ref(&one));
    let other = AccountId::random(&Dice);
    assert!(
        !session::end(&mut tx, &other, &one.id, Ended::Revoked, NOW).await.unwrap(),
        "not another's session"
    );
    session::touch(&mut tx, std::slice::from_ref(&one.id), NOW + 9).await.unwrap();
    session::touch(&mut tx, std::slice::from_ref(&one.id), NOW + 8).await.unwrap();
    assert_eq!(session::of_account(&mut tx, &maya.id).await.unwrap()[0].last_seen_at, NOW + 9);
    tx.commit().await.unwrap();

    f.sql("DELETE FROM accounts WHERE username = 'maya'");
    let mut tx = f.store.read().await.unwrap();
    assert_eq!(
        session::actors_of(&mut tx, &tokens).await.unwrap(),
        [],
        "a session is a join to the live row"
    );
}

async fn a_sweep_takes_what_nobody_can_use(f: Fixture) {
    let (maya, noor) =
        (add_account(&f.store, "maya", Role::Agent).await, add_account(&f.store, "noor", Role::Admin).await);
    let good = add_session(&f.store, &maya.id).await;
    for account in [&noor.id, &AccountId::random(&Dice)] {
        add_session(&f.store, account).await;
    }
    f.sql("UPDATE accounts SET active = 0 WHERE username = 'noor'");
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(session::sweep(&mut tx, NOW, NOW - 100, NOW - 100, 10).await.unwrap(), 2);
    assert_eq!(session::sweep(&mut tx, NOW, NOW - 100, NOW - 100, 10).await.unwrap(), 0);
    tx.commit().await.unwrap();
    assert_eq!(f.sql("SELECT id FROM sessions").trim(), good.id.as_str());
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(session::sweep(&mut tx, good.expires_at, NOW - 100, NOW - 100, 10).await.unwrap(), 1);
    tx.commit().await.unwrap();
}

async fn teams_and_presence(f: Fixture) {
    let maya = add_account(&f.store, "maya", Role::Agent).await;
    let mut tx = f.store.write().await.unwrap();
    let mut team = Team { id: TeamId::random(&Dice), name: "Größe".into(), answer_s: 30, created_at: NOW };
    team::insert(&mut tx, &team).await.unwrap();
    team.name = "Größe 2".into();
    assert!(team::update(&mut tx, &team).await.unwrap());
    assert_eq!(team::get(&mut tx, &team.id).await.unwrap(), Some(team.clone()));
    let gone = TeamId::random(&Dice);
    team::set_of_account(&mut tx, &maya.id, &[team.id.clone(), gone, team.id.clone()]).await.unwrap();
    assert_eq!(team::of_account(&mut tx, &maya.id).await.unwrap(), [team.id.clone()]);
    assert_eq!(presence::get(&mut tx, &maya.id).await.unwrap(), None);
    presence::set(&mut tx, &maya.id, Presence::Away, NOW).await.unwrap();
    presence::set(&mut tx, &maya.id, Presence::Online, NOW + 1).await.unwrap();
    presence::handed(&mut tx, &maya.id, NOW + 2).await.unwrap();
    let present = presence::present(&mut tx).await.unwrap();
    assert_eq!(present.len(), 1);
    assert_eq!(
        (present[0].presence, present[0].since, present[0].idle_since),
        (Presence::Online, NOW + 1, NOW + 2)
    );
    tx.commit().await.unwrap();
    f.sql("UPDATE accounts SET active = 0");
    let mut tx = f.store.write().await.unwrap();
    assert_eq!(presence::present(&mut tx).await.unwrap(), []);
    let twin = Team { id: TeamId::random(&Dice), ..team };
    let taken = team::insert(&mut tx, &twin).await;
    assert!(matches!(taken, Err(Error::Conflict(Unique::TeamName))), "{taken:?}");
}

async fn audit_is_paged_newest_first(f: Fixture) {
    let mut tx = f.store.write().await.unwrap();
    for n in 0..6 {
        let role = if n % 2 == 0 { "super_admin" } else { "admin" };
        let record = audit::Record {
            id: SessionId::timed(NOW + n, &Dice).to_string(),
            at: NOW + n,
            actor_id: None,
            actor_name: "root\nforged".into(),
            actor_role: role.into(),
            action: "agent.add".into(),
            target_kind: "agent".into(),
            target_id: Some("A".into()),
            target_name: "maya".into(),
            detail: r#"{"a":"💣"}"#.into(),
            address: None,
        };
        audit::insert(&mut tx, &record).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = f.store.read().await.unwrap();
    let first = audit::list(&mut tx, audit::Scope::All, None, 4).await.unwrap();
    assert_eq!(first.iter().map(|r| r.at - NOW).collect::<Vec<_>>(), [5, 4, 3, 2]);
    let rest = audit::list(&mut tx, audit::Scope::All, Some(&first[3].id), 4).await.unwrap();
    assert_eq!(rest.iter().map(|r| r.at - NOW).collect::<Vec<_>>(), [1, 0]);
    assert_eq!(rest[0].detail, r#"{"a":"💣"}"#);
    assert_eq!(audit::list(&mut tx, audit::Scope::AgentsAndBelow, None, 9).await.unwrap().len(), 3);
}

async fn automations_keep_what_an_admin_decided(f: Fixture) {
    let mut mat = switchboard_domain::automation::Automation {
        name: "mat".into(),
        title: "Mat".into(),
        description: "Says mat".into(),
        active: false,
        public: true,
        deadline_ms: 5_000,
        last_error: None,
        last_error_at: None,
        created_at: NOW,
    };
    let mut tx = f.store.write().await.unwrap();
    assert!(automation::seen(&mut tx, &mat).await.unwrap());
    let change = automation::Change { active: Some(true), ..automation::Change::default() };
    assert!(automation::update(&mut tx, "mat", change).await.unwrap());
    mat.title = "Mat 2".into();
    assert!(!automation::seen(&mut tx, &mat).await.unwrap());
    automation::failed(&mut tx, "mat", &"é".repeat(600), NOW + 1).await.unwrap();
    let stored = automation::share(&mut tx, "mat").await.unwrap().unwrap();
    assert!(stored.active && stored.public);
    assert_eq!((stored.title.as_str(), stored.deadline_ms), ("Mat 2", 5_000));
    assert_eq!(stored.last_error.map(|error| error.chars().count()), Some(500));
    assert_eq!(automation::list(&mut tx, None, 10).await.unwrap().len(), 1);
    assert_eq!(automation::named(&mut tx, &["none", "mat", "mat"]).await.unwrap().len(), 1);
    assert_eq!(automation::named(&mut tx, &[]).await.unwrap(), []);
    assert!(!automation::update(&mut tx, "none", change).await.unwrap());
    for hostile in ["名前", "mat ", "MAT", "mat\0", ""] {
        assert_eq!(automation::get(&mut tx, hostile).await.unwrap(), None, "{hostile:?}");
        assert_eq!(automation::list(&mut tx, Some("名前"), 10).await.unwrap(), []);
        assert_eq!(audit::list(&mut tx, audit::Scope::All, Some("名前"), 10).await.unwrap(), []);
        assert_eq!(account::list(&mut tx, Role::Agent, Some("名前"), 10).await.unwrap(), []);
    }
    tx.commit().await.unwrap();
}
