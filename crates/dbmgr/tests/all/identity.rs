//! Who the site around the chat says that its visitors are.

use serde_json::{Value, json};
use switchboard_domain::Secret;
use switchboard_testkit::token::{base64, signed};
use switchboard_wire::call::ban::AddBan;
use switchboard_wire::call::edge::GetCutOff;
use switchboard_wire::call::guest::{EraseVisitor, MergeHere, MergeVisitors};
use switchboard_wire::call::identity::{AddIdentityKey, ListIdentityKeys, RevokeIdentityKey};
use switchboard_wire::call::visitor::{
    ArriveVisitor, Arrived, ListOwnConversations, StartConversation, StartWith,
};
use switchboard_wire::view::NewIdentityKey;
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{Dice, World, problem};

on_both!(
    two_keys_are_good_at_once_and_a_revoked_one_is_not,
    two_keys_is_what_sixteen_admins_make_at_once,
    the_same_user_is_the_same_visitor_in_every_browser,
    what_was_said_before_goes_along,
    another_user_in_the_same_browser_is_somebody_else,
    what_proves_nothing_changes_nothing,
    only_the_site_changes_what_it_has_vouched_for,
    what_is_too_much_to_be_joined_stays_apart,
    whom_the_site_tells_apart_nobody_merges,
    sixteen_browsers_of_one_user_at_once_are_one_visitor,
    who_is_banned_stays_banned_and_who_is_erased_is_new,
);

fn claims(world: &World, sub: &str) -> Value {
    let now = switchboard_domain::Clock::now(&*world.clock) / 1_000;
    json!({ "sub": sub, "aud": "switchboard", "exp": now + 300, "iat": now, "name": "Ann Lee", "email": "Ann@example.org" })
}

pub(crate) async fn a_key(world: &World, admin: &Person) -> NewIdentityKey {
    world.call(&admin.by, AddIdentityKey { name: "shop".into() }).await.unwrap()
}

pub(crate) fn token(world: &World, key: &NewIdentityKey, sub: &str) -> String {
    signed(&key.key.id, &key.secret, &claims(world, sub))
}

/// As the edge does: with a fresh secret, whoever comes.
async fn come(
    world: &World,
    by: &Credential,
    identity: Option<String>,
) -> Result<(Credential, Arrived), Failure> {
    let secret = Secret::new(&Dice);
    let call = ArriveVisitor { token_hash: Some(secret.hash()), identity, ..ArriveVisitor::default() };
    let arrived = world.call(by, call).await?;
    let by = if arrived.new { Credential::Visitor(secret.hash()) } else { by.clone() };
    Ok((by, arrived))
}

async fn talk(world: &World, by: &Credential, text: &str) -> String {
    let call = StartConversation { to: StartWith::People, client_msg_id: None, text: Some(text.into()) };
    world.call(by, call).await.unwrap().conversation.id
}

async fn own(world: &World, by: &Credential) -> Vec<String> {
    let list = world.call(by, ListOwnConversations { limit: None, cursor: None }).await.unwrap();
    let mut ids: Vec<String> = list.items.into_iter().map(|c| c.id).collect();
    ids.sort();
    ids
}

fn refused(result: Result<(Credential, Arrived), Failure>) -> String {
    let failure = result.unwrap_err();
    assert_eq!(failure.problem, Problem::Invalid, "{failure}");
    failure.errors["identity"].clone()
}

async fn two_keys_are_good_at_once_and_a_revoked_one_is_not(world: World) {
    let admin = world.admin().await;
    let (old, new) = (a_key(&world, &admin).await, a_key(&world, &admin).await);
    let third = world.call(&admin.by, AddIdentityKey { name: "third".into() }).await.unwrap_err();
    assert!(third.errors["name"].contains("revoke"), "{third}");
    let listed = world.call(&admin.by, ListIdentityKeys {}).await.unwrap().items;
    assert_eq!(listed, [new.key.clone(), old.key.clone()]);
    for key in [&old, &new] {
        let (_, arrived) = come(&world, &Credential::Nobody, Some(token(&world, key, "u1"))).await.unwrap();
        assert!(arrived.visitor.verified && arrived.new);
    }
    world.call(&admin.by, RevokeIdentityKey { id: old.key.id.clone() }).await.unwrap();
    let gone = world.call(&admin.by, RevokeIdentityKey { id: old.key.id.clone() }).await;
    assert_eq!(problem(gone), Problem::NotFound);
    let why = refused(come(&world, &Credential::Nobody, Some(token(&world, &old, "u1"))).await);
    assert!(why.contains("kid"), "{why}");
    come(&world, &Credential::Nobody, Some(token(&world, &new, "u1"))).await.unwrap();
    let visitor = world.visitor().await;
    for by in [&visitor.by, &Credential::Nobody] {
        assert!(world.call(by, ListIdentityKeys {}).await.is_err());
        assert!(world.call(by, AddIdentityKey { name: "mine".into() }).await.is_err());
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action LIKE 'identity_key.%'"), 3);
    assert_eq!(world.count(&format!("SELECT COUNT(*) FROM audit WHERE detail LIKE '%{}%'", new.secret)), 0);
}

async fn two_keys_is_what_sixteen_admins_make_at_once(world: World) {
    let admin = world.admin().await;
    let making = (0..16).map(|n| world.call(&admin.by, AddIdentityKey { name: format!("key {n}") }));
    let made = futures_util::future::join_all(making).await;
    assert_eq!(made.iter().filter(|made| made.is_ok()).count(), 2);
    assert_eq!(world.call(&admin.by, ListIdentityKeys {}).await.unwrap().items.len(), 2);
    assert_eq!(world.count("SELECT COUNT(*) FROM identity_keys"), 2);
}

async fn the_same_user_is_the_same_visitor_in_every_browser(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let (laptop, first) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u1"))).await.unwrap();
    assert_eq!(first.visitor.name.as_deref(), Some("Ann Lee"));
    let (phone, second) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u1"))).await.unwrap();
    assert_eq!((&first.visitor.id, second.new), (&second.visitor.id, true));
    let talk = talk(&world, &laptop, "from the laptop").await;
    assert_eq!(own(&world, &phone).await, [talk]);
    let (same, again) = come(&world, &phone, Some(token(&world, &key, "u1"))).await.unwrap();
    assert_eq!((again.new, same), (false, phone));
}

async fn what_was_said_before_goes_along(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    // The first time there is nobody to be joined with: the visitor stays who it is.
    let (laptop, anonymous) = come(&world, &Credential::Nobody, None).await.unwrap();
    let one = talk(&world, &laptop, "before").await;
    let (_, known) = come(&world, &laptop, Some(token(&world, &key, "u1"))).await.unwrap();
    assert_eq!((&known.visitor.id, known.new), (&anonymous.visitor.id, false));
    // In the next browser there is.
    let (phone, other) = come(&world, &Credential::Nobody, None).await.unwrap();
    let two = talk(&world, &phone, "elsewhere").await;
    assert_ne!(other.visitor.id, known.visitor.id);
    let (same, joined) = come(&world, &phone, Some(token(&world, &key, "u1"))).await.unwrap();
    assert_eq!((&joined.visitor.id, joined.new, &same), (&known.visitor.id, false, &phone));
    let mut both = vec![one, two.clone()];
    both.sort();
    for by in [&laptop, &phone] {
        assert_eq!(own(&world, by).await, both, "both browsers have both, with the tokens that they had");
    }
    let named = format!("SELECT COUNT(*) FROM conversations WHERE id = '{two}' AND visitor_name = 'Ann Lee'");
    assert_eq!(world.count(&named), 1);
    assert_eq!(world.count(&format!("SELECT COUNT(*) FROM visitors WHERE id = '{}'", other.visitor.id)), 0);
    // What is open of the one who is there no more ends, on every node, and comes back as the one who stays.
    let cut = world.house(GetCutOff { within_ms: 60_000 }).await;
    assert_eq!(cut.visitors, std::slice::from_ref(&other.visitor.id));
}

async fn another_user_in_the_same_browser_is_somebody_else(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let (ann, _) = come(&world, &Credential::Nobody, Some(token(&world, &key, "ann"))).await.unwrap();
    let secret = talk(&world, &ann, "Ann's secret").await;
    // Ann's site did not say that she left.
    let (bob, arrived) = come(&world, &ann, Some(token(&world, &key, "bob"))).await.unwrap();
    assert!(arrived.new && bob != ann);
    assert_eq!(own(&world, &bob).await, Vec::<String>::new());
    assert_eq!(own(&world, &ann).await, [secret]);
    // And Ann again, where Bob was.
    let (back, arrived) = come(&world, &bob, Some(token(&world, &key, "ann"))).await.unwrap();
    assert!(arrived.new);
    assert_eq!(own(&world, &back).await.len(), 1);
}

async fn what_proves_nothing_changes_nothing(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let (by, before) = come(&world, &Credential::Nobody, None).await.unwrap();
    let good = claims(&world, "u1");
    let with = |name: &str, value: Value| {
        let mut claims = good.clone();
        claims[name] = value;
        signed(&key.key.id, &key.secret, &claims)
    };
    let now = good["iat"].as_i64().unwrap();
    let unsigned = {
        let header = base64(json!({ "alg": "none", "kid": key.key.id }).to_string().as_bytes());
        format!("{header}.{}.", base64(good.to_string().as_bytes()))
    };
    let token = token(&world, &key, "u1");
    for (hostile, why) in [
        (unsigned, "HS256"),
        (String::new(), "JWT"),
        ("a.b.c".into(), "JWT"),
        (format!("{token}x"), ""),
        (token[..token.len() - 2].to_owned(), ""),
        (signed(&key.key.id, "another secret", &good), "signature"),
        (signed("none", &key.secret, &good), "kid"),
        (signed("' OR 1=1 --", &key.secret, &good), "kid"),
        (with("aud", json!("shop")), "aud"),
        (with("aud", Value::Null), "JWT"),
        (with("exp", json!(now - 61)), "expired"),
        (with("exp", json!(now + 25 * 3_600)), "24 hours"),
        (with("exp", json!("tomorrow")), "JWT"),
        (with("exp", Value::Null), "JWT"),
        (with("nbf", json!(now + 3_600)), "clocks"),
        (with("iat", json!(now + 3_600)), "clocks"),
        (with("sub", json!("")), "sub"),
        (with("sub", json!(7)), "JWT"),
        (with("sub", json!("x".repeat(256))), "sub"),
        (with("email", json!("a@b\r\nBcc: c@d")), "email"),
        (with("name", json!("x".repeat(5_000))), "JWT"),
    ] {
        for from in [&by, &Credential::Nobody] {
            let said = refused(come(&world, from, Some(hostile.clone())).await);
            assert!(said.contains(why), "{hostile}: {said}");
        }
    }
    let (_, after) = come(&world, &by, None).await.unwrap();
    assert_eq!(after.visitor, before.visitor);
    assert_eq!(world.count("SELECT COUNT(*) FROM identities"), 0);
    assert_eq!(world.count("SELECT COUNT(*) FROM visitors"), 1);
}

async fn only_the_site_changes_what_it_has_vouched_for(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let (by, _) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u1"))).await.unwrap();
    let call = ArriveVisitor {
        name: Some("The Boss".into()),
        email: Some("boss@example.org".into()),
        ..ArriveVisitor::default()
    };
    let told = world.call(&by, call).await.unwrap().visitor;
    assert_eq!((told.name.as_deref(), told.email.as_deref()), (Some("Ann Lee"), Some("Ann@example.org")));
    let mut later = claims(&world, "u1");
    later["name"] = json!("Ann Smith");
    let token = signed(&key.key.id, &key.secret, &later);
    let (_, told) = come(&world, &by, Some(token)).await.unwrap();
    assert_eq!(told.visitor.name.as_deref(), Some("Ann Smith"));
}

async fn what_is_too_much_to_be_joined_stays_apart(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let (ann, known) = come(&world, &Credential::Nobody, Some(token(&world, &key, "ann"))).await.unwrap();
    let (anyone, before) = come(&world, &Credential::Nobody, None).await.unwrap();
    let much = talk(&world, &anyone, "much").await;
    world.database.sql(&format!("UPDATE conversations SET head = 10001 WHERE id = '{much}'")).unwrap();
    let (here, arrived) = come(&world, &anyone, Some(token(&world, &key, "ann"))).await.unwrap();
    assert!(arrived.new && here != anyone);
    assert_eq!(arrived.visitor.id, known.visitor.id);
    assert_ne!(arrived.visitor.id, before.visitor.id);
    for by in [&ann, &here] {
        assert_eq!(own(&world, by).await, Vec::<String>::new());
    }
    assert_eq!(own(&world, &anyone).await, [much]);
}

async fn whom_the_site_tells_apart_nobody_merges(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let key = a_key(&world, &admin).await;
    let (ann, one) = come(&world, &Credential::Nobody, Some(token(&world, &key, "ann"))).await.unwrap();
    let (bob, two) = come(&world, &Credential::Nobody, Some(token(&world, &key, "bob"))).await.unwrap();
    let (anyone, three) = come(&world, &Credential::Nobody, None).await.unwrap();
    let (hers, his) = (talk(&world, &ann, "Ann's").await, talk(&world, &bob, "Bob's").await);
    let theirs = talk(&world, &anyone, "somebody's").await;
    let here = |keep: &str, other: &str| MergeHere { keep: keep.into(), other: other.into() };
    assert_eq!(problem(world.call(&maya.by, here(&hers, &his)).await), Problem::Conflict);
    let by_admin = MergeVisitors { keep: one.visitor.id.clone(), other: two.visitor.id };
    assert_eq!(problem(world.call(&admin.by, by_admin).await), Problem::Conflict);
    assert_eq!(own(&world, &bob).await, [his]);
    // Whom it does not know is joined to the one whom it knows, also when nothing of that one's is shown as vouched for.
    world.database.sql("UPDATE visitors SET verified = 0").unwrap();
    let merged = world.call(&maya.by, here(&theirs, &hers)).await.unwrap();
    assert_eq!(merged.visitor.id, one.visitor.id);
    assert_ne!(merged.visitor.id, three.visitor.id);
    assert_eq!(own(&world, &ann).await.len(), 2);
}

async fn sixteen_browsers_of_one_user_at_once_are_one_visitor(world: World) {
    let key = a_key(&world, &world.admin().await).await;
    let mut anonymous = Vec::new();
    for n in 0..16 {
        let (by, _) = come(&world, &Credential::Nobody, None).await.unwrap();
        talk(&world, &by, &format!("hello {n}")).await;
        anonymous.push(by);
    }
    let proving = anonymous.iter().map(|by| come(&world, by, Some(token(&world, &key, "u1"))));
    let arrived = futures_util::future::join_all(proving).await;
    for arrived in arrived {
        // Who met too many others is told to come again, and does.
        if let Err(failure) = arrived {
            assert_eq!(failure.problem, Problem::Unavailable, "{failure}");
        }
    }
    for by in &anonymous {
        come(&world, by, Some(token(&world, &key, "u1"))).await.unwrap();
    }
    assert_eq!(world.count("SELECT COUNT(*) FROM visitors"), 1);
    for by in &anonymous {
        assert_eq!(own(&world, by).await.len(), 16);
    }
}

async fn who_is_banned_stays_banned_and_who_is_erased_is_new(world: World) {
    let admin = world.admin().await;
    let key = a_key(&world, &admin).await;
    let (by, arrived) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u1"))).await.unwrap();
    let ban =
        AddBan { visitor: Some(arrived.visitor.id.clone()), term: "forever".into(), ..AddBan::default() };
    world.call(&admin.by, ban).await.unwrap();
    let fresh = come(&world, &Credential::Nobody, Some(token(&world, &key, "u1"))).await;
    assert_eq!(problem(fresh), Problem::Banned);
    let (anonymous, _) = come(&world, &Credential::Nobody, None).await.unwrap();
    let joining = come(&world, &anonymous, Some(token(&world, &key, "u1"))).await;
    assert_eq!(problem(joining), Problem::Banned);

    let (second, known) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u2"))).await.unwrap();
    let (third, _) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u2"))).await.unwrap();
    world.call(&admin.by, EraseVisitor { id: known.visitor.id.clone() }).await.unwrap();
    for by in [&by, &second, &third] {
        assert!(world.call(by, ListOwnConversations { limit: None, cursor: None }).await.is_err());
    }
    let (_, again) = come(&world, &Credential::Nobody, Some(token(&world, &key, "u2"))).await.unwrap();
    assert_ne!(again.visitor.id, known.visitor.id);
}
