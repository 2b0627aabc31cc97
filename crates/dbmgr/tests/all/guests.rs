//! Settings, bans, and what is stored of visitors.

use std::net::IpAddr;
use switchboard_domain::{Attributes, Secret};
use switchboard_wire::call::ban::{AddBan, BanVisitor, LiftBan, ListBans};
use switchboard_wire::call::conversation::{GetConversation, GetEntries};
use switchboard_wire::call::edge::{Arrival, GetCutOff, GreetMany};
use switchboard_wire::call::guest::{EraseVisitor, ExportVisitor, FindVisitors};
use switchboard_wire::call::router::Sweep;
use switchboard_wire::call::settings::{GetSettings, PutSettings};
use switchboard_wire::call::visitor::{
    ArriveVisitor, Arrived, GetVisitorDirectory, ListOwnConversations, StartConversation, StartWith,
};
use switchboard_wire::view::{Ban, ExportedConversation, PreChat, PreChatField, Settings};
use switchboard_wire::{Credential, Failure, Problem};

use crate::on_both;
use crate::people::{Person, note};
use crate::world::{World, problem};

on_both!(
    settings_are_one_document,
    what_is_required_is_asked_before_people_and_nowhere_else,
    answers_are_kept_and_shown_to_agents,
    a_banned_visitor_does_nothing_until_it_ends,
    agents_ban_whom_they_talk_to_and_nobody_else,
    addresses_are_banned_for_whoever_comes_with_them,
    what_is_said_of_a_ban_must_make_sense,
    an_export_holds_everything,
    what_is_erased_is_gone_and_the_numbers_stay,
    what_is_too_old_is_erased_and_nothing_else,
);

const DAY: i64 = 24 * 3_600_000;

fn form(ask_email: &str, required: bool) -> PreChat {
    let field = |key: &str, kind: &str, choices: &[&str]| PreChatField {
        key: key.into(),
        label: format!("Your {key}"),
        kind: kind.into(),
        required,
        choices: choices.iter().map(|choice| (*choice).to_owned()).collect(),
    };
    let fields = vec![field("plan", "choice", &["free", "paid"]), field("terms", "checkbox", &[])];
    PreChat { ask_name: "no".into(), ask_email: ask_email.into(), intro: Some("Hello".into()), fields }
}

async fn put(world: &World, by: &Person, pre_chat: PreChat, days: Option<i64>) -> Result<Settings, Failure> {
    world
        .call(
            &by.by,
            PutSettings { settings: Settings { pre_chat, retention_days: days, ..Settings::default() } },
        )
        .await
}

async fn tell(world: &World, visitor: &Person, told: ArriveVisitor) -> Result<Arrived, Failure> {
    world.call(&visitor.by, told).await
}

fn attributes(pairs: &[(&str, &str)]) -> Attributes {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn ask_people() -> StartConversation {
    StartConversation { to: StartWith::People, client_msg_id: None, text: Some("hello".into()) }
}

/// Somebody new, from an address.
async fn come(world: &World, email: Option<&str>, from: &str) -> Result<Person, Failure> {
    let secret = Secret::new(&crate::world::Dice);
    let call = ArriveVisitor {
        token_hash: Some(secret.hash()),
        email: email.map(Into::into),
        address: Some(from.parse::<IpAddr>().unwrap()),
        ..ArriveVisitor::default()
    };
    let arrived = world.call(&Credential::Nobody, call).await?;
    Ok(Person { id: arrived.visitor.id, name: "Visitor".into(), by: Credential::Visitor(secret.hash()) })
}

fn ban_of(visitor: &Person, term: &str) -> AddBan {
    AddBan { visitor: Some(visitor.id.clone()), term: term.into(), ..AddBan::default() }
}

async fn ban(world: &World, by: &Person, call: AddBan) -> Result<Ban, Failure> {
    world.call(&by.by, call).await.map(|one| one.ban)
}

async fn bans(world: &World, by: &Person) -> Vec<Ban> {
    world.call(&by.by, ListBans { limit: None, cursor: None }).await.unwrap().items
}

async fn may(world: &World, visitor: &Person) -> Option<Problem> {
    let call = ListOwnConversations { limit: None, cursor: None };
    world.call(&visitor.by, call).await.err().map(|failure| failure.problem)
}

async fn settings_are_one_document(world: World) {
    let admin = world.admin().await;
    assert_eq!(world.call(&admin.by, GetSettings {}).await.unwrap(), Settings::default());
    let visitor = world.visitor().await;
    let shown = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    assert_eq!(shown.pre_chat, None, "nothing is asked");
    let after = put(&world, &admin, form("required", true), Some(90)).await.unwrap();
    assert_eq!(after, world.call(&admin.by, GetSettings {}).await.unwrap());
    assert_eq!((after.retention_days, &after.pre_chat), (Some(90), &form("required", true)));
    let shown = world.call(&visitor.by, GetVisitorDirectory {}).await.unwrap();
    assert_eq!(shown.pre_chat, Some(after.pre_chat.clone()));
    let mut bad = form("perhaps", true);
    bad.fields[1].key = "plan".into();
    let failure = put(&world, &admin, bad, Some(0)).await.unwrap_err();
    let fields: Vec<&str> = failure.errors.keys().map(String::as_str).collect();
    assert_eq!(failure.problem, Problem::Invalid);
    assert_eq!(fields, ["pre_chat.ask_email", "pre_chat.fields[1].key", "retention_days"]);
    assert_eq!(world.call(&admin.by, GetSettings {}).await.unwrap(), after, "nothing of it is stored");
    // What changes nothing is no change.
    put(&world, &admin, form("required", true), Some(90)).await.unwrap();
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'settings.changed'"), 1);
    assert_eq!(problem(world.call(&visitor.by, GetSettings {}).await), Problem::Forbidden);
    world.database.sql("UPDATE meta SET value = 'nonsense' WHERE name = 'settings'").unwrap();
    assert_eq!(world.call(&admin.by, GetSettings {}).await.unwrap(), Settings::default());
    world.call(&visitor.by, ask_people()).await.unwrap();
}

async fn what_is_required_is_asked_before_people_and_nowhere_else(world: World) {
    let admin = world.admin().await;
    let visitor = world.visitor().await;
    put(&world, &admin, form("required", false), None).await.unwrap();
    let failure = world.call(&visitor.by, ask_people()).await.unwrap_err();
    assert_eq!(failure.errors.keys().collect::<Vec<_>>(), ["email"]);
    put(&world, &admin, form("required", true), None).await.unwrap();
    let failure = world.call(&visitor.by, ask_people()).await.unwrap_err();
    let fields: Vec<&str> = failure.errors.keys().map(String::as_str).collect();
    assert_eq!(failure.problem, Problem::Invalid);
    assert_eq!(fields, ["attributes.plan", "attributes.terms", "email"]);
    let mat = StartWith::Automation("mat".into());
    world.begin(&visitor, mat).await;
    let told = ArriveVisitor {
        email: Some("ada@example.org".into()),
        attributes: attributes(&[("plan", "gold"), ("terms", "true")]),
        ..ArriveVisitor::default()
    };
    tell(&world, &visitor, told).await.unwrap();
    let failure = world.call(&visitor.by, ask_people()).await.unwrap_err();
    assert_eq!(failure.errors.keys().collect::<Vec<_>>(), ["attributes.plan"], "not one of the choices");
    let told = ArriveVisitor { attributes: attributes(&[("plan", "paid")]), ..ArriveVisitor::default() };
    tell(&world, &visitor, told).await.unwrap();
    world.call(&visitor.by, ask_people()).await.unwrap();
}

async fn answers_are_kept_and_shown_to_agents(world: World) {
    let (_, maya) = world.agent("maya").await;
    let visitor = world.visitor().await;
    let said = attributes(&[("plan", " paid "), ("city", "Köln 🦀")]);
    let told = ArriveVisitor { attributes: said, ..ArriveVisitor::default() };
    let kept = attributes(&[("plan", "paid"), ("city", "Köln 🦀")]);
    assert_eq!(tell(&world, &visitor, told).await.unwrap().visitor.attributes, kept);
    let told = ArriveVisitor { attributes: attributes(&[("city", "")]), ..ArriveVisitor::default() };
    let kept = attributes(&[("plan", "paid")]);
    assert_eq!(tell(&world, &visitor, told).await.unwrap().visitor.attributes, kept);
    let again = tell(&world, &visitor, ArriveVisitor::default()).await.unwrap();
    assert_eq!(again.visitor.attributes, kept, "what is not named stays");
    let c = world.call(&visitor.by, ask_people()).await.unwrap().conversation;
    let seen = world.call(&maya.by, GetConversation { id: c.id }).await.unwrap();
    assert_eq!(seen.visitor.attributes, kept);
    let many = (0..20).map(|n| (format!("k{n}"), "v".to_owned())).collect();
    for (said, field) in [
        (attributes(&[("Plan", "x")]), "attributes.Plan"),
        (attributes(&[("plan", &"x".repeat(501))]), "attributes.plan"),
        (many, "attributes"),
    ] {
        let told = ArriveVisitor { attributes: said, ..ArriveVisitor::default() };
        let failure = tell(&world, &visitor, told).await.unwrap_err();
        assert_eq!(
            (failure.problem, failure.errors.contains_key(field)),
            (Problem::Invalid, true),
            "{field}"
        );
    }
}

async fn a_banned_visitor_does_nothing_until_it_ends(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (visitor, other) = (world.visitor().await, world.visitor().await);
    let c = world.call(&visitor.by, ask_people()).await.unwrap().conversation;
    let made =
        ban(&world, &admin, AddBan { reason: Some("spam".into()), ..ban_of(&visitor, "1h") }).await.unwrap();
    assert_eq!(
        (made.kind.as_str(), made.value.as_str(), made.by.as_str()),
        ("visitor", visitor.id.as_str(), "ada")
    );
    assert_eq!(may(&world, &visitor).await, Some(Problem::Banned));
    assert_eq!(may(&world, &other).await, None);
    let failure = world.say(&visitor, &c.id, "let me in").await.unwrap_err();
    assert_eq!(failure.problem, Problem::Banned);
    assert!(failure.retry_after_ms.is_some_and(|ms| (1..=3_600_000).contains(&ms)), "{failure:?}");
    assert!(failure.detail.contains(made.until.as_deref().unwrap()), "{failure:?}");
    assert_eq!(problem(tell(&world, &visitor, ArriveVisitor::default()).await), Problem::Banned);
    let arrival = |person: &Person| {
        let Credential::Visitor(token) = person.by.clone() else { panic!("not a visitor") };
        Arrival { token, resume: vec![] }
    };
    let greet = GreetMany { visitors: vec![arrival(&visitor), arrival(&other)] };
    let greeted = world.house(greet).await;
    assert_eq!(greeted[0].as_ref().unwrap_err().problem, Problem::Banned);
    assert!(greeted[1].is_ok());
    let cut = world.house(GetCutOff { within_ms: 60_000 }).await;
    assert_eq!(cut.visitors, std::slice::from_ref(&visitor.id));
    // It is seen by staff, who may still write; and again is for another time from now.
    world.append(vec![note(&maya, &c.id, "banned")]).await.remove(0).unwrap();
    let longer = ban(&world, &admin, ban_of(&visitor, "forever")).await.unwrap();
    assert_eq!((&longer.id, longer.until.as_deref()), (&made.id, None));
    assert_eq!(world.say(&visitor, &c.id, "please").await.unwrap_err().retry_after_ms, None);
    ban(&world, &admin, ban_of(&visitor, "1d")).await.unwrap();
    assert_eq!(bans(&world, &admin).await.len(), 1);
    world.clock.forward(DAY + 1);
    let admin = Person { by: world.sign_in("ada", crate::people::PASSWORD).await.unwrap().0, ..admin };
    assert_eq!(may(&world, &visitor).await, None, "it is over");
    world.say(&visitor, &c.id, "here I am again").await.unwrap();
    assert!(bans(&world, &admin).await.is_empty());
    assert_eq!(world.house(GetCutOff { within_ms: 2 * DAY }).await.visitors, [""; 0]);
    world.house(Sweep {}).await;
    assert_eq!(world.count("SELECT (SELECT COUNT(*) FROM bans) + (SELECT COUNT(*) FROM banned_visitors)"), 0);
    let made = ban(&world, &admin, ban_of(&visitor, "7d")).await.unwrap();
    world.call(&admin.by, LiftBan { id: made.id.clone() }).await.unwrap();
    assert_eq!(may(&world, &visitor).await, None);
    assert_eq!(problem(world.call(&admin.by, LiftBan { id: made.id }).await), Problem::NotFound);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE target_kind = 'ban'"), 5);
}

async fn agents_ban_whom_they_talk_to_and_nobody_else(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let visitor = world.visitor().await;
    let c = world.call(&visitor.by, ask_people()).await.unwrap().conversation;
    let call = |term: &str| BanVisitor {
        conversation: c.id.clone(),
        term: term.into(),
        reason: Some("rude".into()),
    };
    assert_eq!(problem(world.call(&maya.by, call("1h")).await), Problem::NotOwner);
    let claim = switchboard_wire::call::conversation::Claim { id: c.id.clone(), fence: c.fence };
    world.call(&maya.by, claim).await.unwrap();
    assert_eq!(problem(world.call(&noor.by, call("1h")).await), Problem::NotOwner);
    assert_eq!(problem(world.call(&visitor.by, call("1h")).await), Problem::Forbidden);
    assert_eq!(problem(world.call(&maya.by, call("2h")).await), Problem::Invalid);
    let made = world.call(&maya.by, call("1d")).await.unwrap().ban;
    assert_eq!((made.by.as_str(), made.reason.as_str()), ("maya", "rude"));
    assert_eq!(may(&world, &visitor).await, Some(Problem::Banned));
    // What is there already an agent does not shorten.
    ban(&world, &admin, ban_of(&visitor, "forever")).await.unwrap();
    let again = world.call(&maya.by, call("1h")).await.unwrap().ban;
    assert_eq!(again.until, None);
    assert_eq!(
        problem(world.call(&maya.by, ListBans { limit: None, cursor: None }).await),
        Problem::Forbidden
    );
}

async fn addresses_are_banned_for_whoever_comes_with_them(world: World) {
    let admin = world.admin().await;
    let here = come(&world, Some("Ada@Example.org"), "192.0.2.7").await.unwrap();
    let six = come(&world, None, "2001:db8::1").await.unwrap();
    let far = come(&world, None, "198.51.100.1").await.unwrap();
    let by_mail = AddBan { email: Some("ada@EXAMPLE.org".into()), term: "1h".into(), ..AddBan::default() };
    let made = ban(&world, &admin, by_mail).await.unwrap();
    assert_eq!((made.kind.as_str(), made.value.as_str()), ("email", "ada@example.org"));
    assert_eq!(may(&world, &here).await, Some(Problem::Banned));
    assert_eq!(problem(come(&world, Some("ADA@example.org"), "198.51.100.2").await), Problem::Banned);
    let taken = ArriveVisitor { email: Some("ada@example.org".into()), ..ArriveVisitor::default() };
    assert_eq!(problem(tell(&world, &far, taken).await), Problem::Banned);
    assert_eq!(may(&world, &far).await, None, "who is refused a name keeps the own one");
    let by_line = AddBan { address: Some("2001:db8::ffff".into()), term: "1h".into(), ..AddBan::default() };
    let made = ban(&world, &admin, by_line).await.unwrap();
    assert_eq!((made.kind.as_str(), made.value.as_str()), ("address", "2001:db8::/64"));
    assert_eq!(may(&world, &six).await, Some(Problem::Banned));
    assert_eq!(problem(come(&world, None, "2001:db8::2").await), Problem::Banned);
    come(&world, None, "2001:db8:0:1::2").await.unwrap();
    world.clock.forward(3_600_001);
    come(&world, Some("ada@example.org"), "2001:db8::2").await.unwrap();
    assert_eq!((may(&world, &here).await, may(&world, &six).await), (None, None));
}

async fn what_is_said_of_a_ban_must_make_sense(world: World) {
    let admin = world.admin().await;
    let visitor = world.visitor().await;
    let base = || ban_of(&visitor, "1h");
    for (call, field) in [
        (AddBan { term: "2h".into(), ..base() }, "for"),
        (AddBan { term: String::new(), ..base() }, "for"),
        (AddBan { reason: Some("x".repeat(501)), ..base() }, "reason"),
        (AddBan { visitor: None, ..base() }, "visitor"),
        (AddBan { email: Some("a@b.org".into()), ..base() }, "visitor"),
        (AddBan { visitor: Some("nobody".into()), ..base() }, "visitor"),
        (AddBan { visitor: None, email: Some("a".into()), ..base() }, "email"),
        (AddBan { visitor: None, address: Some("192.0.2.0/24".into()), ..base() }, "address"),
    ] {
        let failure = ban(&world, &admin, call).await.unwrap_err();
        assert_eq!(
            (failure.problem, failure.errors.contains_key(field)),
            (Problem::Invalid, true),
            "{failure:?}"
        );
    }
    assert!(bans(&world, &admin).await.is_empty());
}

/// Two conversations of a visitor who has told a lot; the first one has many entries.
async fn a_story(world: &World, maya: &Person) -> (Person, String) {
    let visitor = come(world, Some("ada@example.org"), "192.0.2.7").await.unwrap();
    let told = ArriveVisitor {
        name: Some("Ada".into()),
        page: Some("/secret".into()),
        attributes: attributes(&[("plan", "paid")]),
        ..ArriveVisitor::default()
    };
    tell(world, &visitor, told).await.unwrap();
    let c = world.call(&visitor.by, ask_people()).await.unwrap().conversation;
    for n in 0..4 {
        let items = (0..150).map(|m| note(maya, &c.id, &format!("note {n} {m}"))).collect();
        for answer in world.append(items).await {
            answer.unwrap();
        }
    }
    world.say(&visitor, &c.id, "my number is 5").await.unwrap();
    let second = StartConversation { to: StartWith::Automation("mat".into()), ..ask_people() };
    world.call(&visitor.by, second).await.unwrap();
    (visitor, c.id)
}

async fn an_export_holds_everything(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (visitor, id) = a_story(&world, &maya).await;
    let found = world.call(&admin.by, FindVisitors { q: Some("ADA@".into()), limit: None }).await.unwrap();
    assert_eq!(found.items.len(), 1);
    let guest = &found.items[0];
    assert_eq!((guest.id.as_str(), guest.conversations, guest.banned), (visitor.id.as_str(), 2, false));
    assert_eq!(guest.address.as_deref(), Some("192.0.2.7"));
    let same =
        world.call(&admin.by, FindVisitors { q: Some(visitor.id.clone()), limit: None }).await.unwrap();
    assert_eq!(same, found);
    for q in [None, Some("  ".to_owned()), Some("nobody@".into())] {
        assert!(world.call(&admin.by, FindVisitors { q, limit: None }).await.unwrap().items.is_empty());
    }
    let (mut cursor, mut parts, mut all) = (None, 0, Vec::<ExportedConversation>::new());
    loop {
        let call = ExportVisitor { id: visitor.id.clone(), cursor };
        let part = world.call(&admin.by, call).await.unwrap();
        assert_eq!(part.visitor.email.as_deref(), Some("ada@example.org"));
        parts += 1;
        all.extend(part.conversations);
        cursor = part.next;
        if cursor.is_none() {
            break;
        }
    }
    assert!(parts > 1, "it comes in parts");
    let entries = |id: &str| -> Vec<i64> {
        let of = all.iter().filter(|one| one.conversation.id == id).flat_map(|one| &one.entries);
        of.map(|entry| {
            serde_json::from_str::<serde_json::Value>(entry.get()).unwrap()["seq"].as_i64().unwrap()
        })
        .collect()
    };
    let first = entries(&id);
    assert_eq!(first, (1..=i64::try_from(first.len()).unwrap()).collect::<Vec<_>>(), "without gaps");
    assert!(first.len() > 600);
    assert!(all.iter().any(|one| one.conversation.id != id && !one.entries.is_empty()));
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'visitor.exported'"), 1);
    assert_eq!(
        problem(world.call(&admin.by, ExportVisitor { id: "nobody".into(), cursor: None }).await),
        Problem::NotFound
    );
    let bad = ExportVisitor { id: visitor.id.clone(), cursor: Some("x".into()) };
    assert_eq!(problem(world.call(&admin.by, bad).await), Problem::BadRequest);
    let call = ExportVisitor { id: visitor.id, cursor: None };
    assert_eq!(problem(world.call(&maya.by, call).await), Problem::Forbidden);
}

/// How often these words are anywhere in what is stored of conversations and visitors.
fn traces(world: &World) -> i64 {
    world.count(
        "SELECT (SELECT COUNT(*) FROM entries WHERE body LIKE '%number is%' OR body LIKE '%note %' \
                 OR author_name = 'Ada') \
         + (SELECT COUNT(*) FROM conversations WHERE visitor_name = 'Ada' OR visitor_email IS NOT NULL \
                 OR preview LIKE '%number%') \
         + (SELECT COUNT(*) FROM visitors WHERE email IS NOT NULL OR page IS NOT NULL) \
         + (SELECT COUNT(*) FROM visitor_details WHERE address = '192.0.2.7')",
    )
}

async fn what_is_erased_is_gone_and_the_numbers_stay(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (visitor, id) = a_story(&world, &maya).await;
    assert!(traces(&world) > 600);
    let before = world.call(&maya.by, GetConversation { id: id.clone() }).await.unwrap();
    for _ in 0..2 {
        world.call(&admin.by, EraseVisitor { id: visitor.id.clone() }).await.unwrap();
        assert_eq!(traces(&world), 0);
    }
    assert_eq!(may(&world, &visitor).await, Some(Problem::Unauthenticated), "the token is dead");
    let after = world.call(&maya.by, GetConversation { id: id.clone() }).await.unwrap();
    assert_eq!((after.status.as_str(), after.visitor.name), ("resolved", None));
    assert_eq!(after.head, before.head + 1, "that it ended is one event, once");
    let call = GetEntries { id, after: None, before: Some(i64::MAX), limit: Some(3) };
    let newest = world.call(&maya.by, call).await.unwrap().items;
    assert!(newest[1].get().contains("[erased]"), "{}", newest[1]);
    assert_eq!(world.count("SELECT COUNT(*) FROM conversations WHERE status <> 'resolved'"), 0);
    assert_eq!(
        world.house(GetCutOff { within_ms: 60_000 }).await.visitors,
        std::slice::from_ref(&visitor.id)
    );
    let personal =
        "SELECT COUNT(*) FROM audit WHERE action = 'visitor.erased' AND target_name = '' AND detail = ''";
    assert_eq!(world.count(personal), 2);
    assert_eq!(problem(world.call(&admin.by, EraseVisitor { id: "nobody".into() }).await), Problem::NotFound);
    assert_eq!(problem(world.call(&maya.by, EraseVisitor { id: visitor.id }).await), Problem::Forbidden);
}

async fn what_is_too_old_is_erased_and_nothing_else(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let (visitor, old) = a_story(&world, &maya).await;
    world.clock.forward(20 * DAY);
    let (_, maya) =
        (world.house(Sweep {}).await, world.sign_in("maya", crate::people::PASSWORD).await.unwrap().0);
    let maya = Person { id: String::new(), name: "maya".into(), by: maya };
    assert!(traces(&world) > 600, "nothing is erased unless an admin says so");
    let admin = Person { by: world.sign_in("ada", crate::people::PASSWORD).await.unwrap().0, ..admin };
    put(&world, &admin, PreChat::default(), Some(10)).await.unwrap();
    assert_eq!(world.house(Sweep {}).await.erased, 0, "what is open is not ended by its age");
    // Both end; one goes on.
    let end = "UPDATE conversations SET status = 'resolved', owner_kind = 'none', owner_id = NULL, owner_name = NULL";
    world.database.sql(end).unwrap();
    let young = world.call(&visitor.by, ask_people()).await.unwrap().conversation;
    let end = switchboard_wire::call::conversation::Resolve { id: young.id.clone(), fence: None };
    world.call(&visitor.by, end).await.unwrap();
    assert_eq!(world.house(Sweep {}).await.erased, 2);
    assert_eq!(world.house(Sweep {}).await.erased, 0, "once");
    let call = |id: &str| GetEntries { id: id.into(), after: None, before: None, limit: Some(9) };
    let texts = world.call(&maya.by, call(&old)).await.unwrap().items;
    assert!(texts.iter().any(|entry| entry.get().contains("[erased]")));
    let texts = world.call(&maya.by, call(&young.id)).await.unwrap().items;
    assert!(texts.iter().any(|entry| entry.get().contains("\"hello\"")));
    assert_eq!(may(&world, &visitor).await, None, "who still comes is still known");
    assert_eq!(world.count("SELECT COUNT(*) FROM visitors WHERE email = 'ada@example.org'"), 1);
    // Later the rest goes, and who has not come since.
    world.clock.forward(11 * DAY);
    assert_eq!(world.house(Sweep {}).await.erased, 1);
    assert_eq!(traces(&world), 0);
}
