//! Canned replies: whose they are, who keeps them, and what may stand in them.

use switchboard_domain::Role;
use switchboard_wire::call::account::PatchAccount;
use switchboard_wire::call::canned::{AddCanned, DeleteCanned, ListCanned, PatchCanned};
use switchboard_wire::call::team::AddTeam;
use switchboard_wire::view::CannedReply;
use switchboard_wire::{Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    agents_send_their_own_those_of_their_teams_and_everybodys,
    only_its_keeper_changes_one,
    what_cannot_be_found_or_sent_is_refused,
    a_long_list_comes_in_pages,
    what_admins_do_is_in_the_audit_log,
);

fn new(shortcut: &str, scope: &str, team: Option<&str>) -> AddCanned {
    let text = format!("This is {shortcut}, {{{{visitor.first_name|friend}}}}");
    AddCanned { shortcut: shortcut.into(), text, scope: scope.into(), team: team.map(Into::into) }
}

async fn add(world: &World, by: &Person, add: AddCanned) -> Result<CannedReply, Failure> {
    world.call(&by.by, add).await.map(|one| one.canned)
}

async fn shortcuts(world: &World, by: &Person) -> Vec<String> {
    let page = world.call(&by.by, ListCanned { limit: None, cursor: None }).await.unwrap();
    page.items.into_iter().map(|canned| canned.shortcut).collect()
}

fn edit(id: &str, shortcut: Option<&str>, text: Option<&str>) -> PatchCanned {
    PatchCanned { id: id.into(), shortcut: shortcut.map(Into::into), text: text.map(Into::into) }
}

async fn agents_send_their_own_those_of_their_teams_and_everybodys(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let team = world
        .call(&admin.by, AddTeam { name: "Sales".into(), answer_s: None, rules: None })
        .await
        .unwrap()
        .team;
    add(&world, &admin, new("hello", "all", None)).await.unwrap();
    let sales = add(&world, &admin, new("price", "team", Some(&team.id))).await.unwrap();
    assert_eq!((sales.scope.as_str(), sales.team.as_deref()), ("team", Some(team.id.as_str())));
    add(&world, &maya, new("bye", "own", None)).await.unwrap();
    // Of the same shortcut one for everybody and one's own.
    add(&world, &maya, new("hello", "own", None)).await.unwrap();
    assert_eq!(shortcuts(&world, &maya).await, ["bye", "hello", "hello"]);
    assert_eq!(shortcuts(&world, &noor).await, ["hello"]);
    assert_eq!(shortcuts(&world, &admin).await, ["hello", "price"]);
    let join = PatchAccount {
        role: Role::Agent,
        id: noor.id.clone(),
        active: None,
        display_name: None,
        capacity: None,
        teams: Some(vec![team.id]),
        skills: None,
    };
    world.call(&admin.by, join).await.unwrap();
    assert_eq!(shortcuts(&world, &noor).await, ["hello", "price"]);
}

async fn only_its_keeper_changes_one(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let shared = add(&world, &admin, new("hello", "all", None)).await.unwrap();
    let own = add(&world, &maya, new("bye", "own", None)).await.unwrap();
    let text = Some("Good bye, {{visitor.name}}");
    let changed = world.call(&maya.by, edit(&own.id, Some("ciao"), text)).await.unwrap().canned;
    assert_eq!((changed.shortcut.as_str(), Some(changed.text.as_str())), ("ciao", text));
    // What one may send but not change is forbidden; what one may not even see does not exist.
    assert_eq!(problem(world.call(&maya.by, edit(&shared.id, None, text)).await), Problem::Forbidden);
    for stranger in [&noor, &admin] {
        assert_eq!(problem(world.call(&stranger.by, edit(&own.id, None, text)).await), Problem::NotFound);
        let delete = DeleteCanned { id: own.id.clone() };
        assert_eq!(problem(world.call(&stranger.by, delete).await), Problem::NotFound);
    }
    assert_eq!(problem(world.call(&maya.by, edit("no such", None, text)).await), Problem::NotFound);
    for (by, scope) in [(&maya, "all"), (&maya, "team"), (&admin, "own"), (&admin, "team"), (&admin, "house")]
    {
        let failure = add(&world, by, new("other", scope, None)).await.unwrap_err();
        assert_eq!(failure.problem, Problem::Invalid, "{scope}");
    }
    let visitor = world.visitor().await;
    assert_eq!(problem(add(&world, &visitor, new("hi", "own", None)).await), Problem::Forbidden);
    world.call(&maya.by, DeleteCanned { id: own.id.clone() }).await.unwrap();
    assert_eq!(problem(world.call(&maya.by, DeleteCanned { id: own.id }).await), Problem::NotFound);
    assert_eq!(shortcuts(&world, &maya).await, ["hello"]);
}

async fn what_cannot_be_found_or_sent_is_refused(world: World) {
    let (_, maya) = world.agent("maya").await;
    let first = add(&world, &maya, new("hello", "own", None)).await.unwrap();
    let second = add(&world, &maya, new("bye", "own", None)).await.unwrap();
    let taken = add(&world, &maya, new("hello", "own", None)).await.unwrap_err();
    assert_eq!((taken.problem, taken.errors.contains_key("shortcut")), (Problem::Taken, true));
    let taken = world.call(&maya.by, edit(&second.id, Some("hello"), None)).await;
    assert_eq!(problem(taken), Problem::Taken);
    for (shortcut, text, field) in [
        ("Hello!", "hi", "shortcut"),
        ("hi", "  ", "text"),
        ("hi", "Dear {{visitor.nmae}}", "text"),
        ("hi", "Dear {{visitor.name", "text"),
    ] {
        let body = AddCanned { text: text.into(), ..new(shortcut, "own", None) };
        let failure = add(&world, &maya, body).await.unwrap_err();
        assert_eq!((failure.problem, failure.errors.contains_key(field)), (Problem::Invalid, true), "{text}");
        if field == "text" {
            assert_eq!(
                problem(world.call(&maya.by, edit(&first.id, None, Some(text))).await),
                Problem::Invalid
            );
        }
    }
    assert_eq!(shortcuts(&world, &maya).await, ["bye", "hello"]);
}

async fn a_long_list_comes_in_pages(world: World) {
    let (admin, maya) = world.agent("maya").await;
    for n in 0..5 {
        add(&world, &maya, new(&format!("n{n}"), "own", None)).await.unwrap();
        add(&world, &admin, new(&format!("n{n}"), "all", None)).await.unwrap();
    }
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = world.call(&maya.by, ListCanned { limit: Some(3), cursor }).await.unwrap();
        assert!(page.items.len() <= 3);
        seen.extend(page.items.into_iter().map(|canned| canned.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let all = seen.len();
    seen.sort();
    seen.dedup();
    assert_eq!((all, seen.len()), (10, 10));
    for bad in ["", "n1", "n1 no id!", "No id"] {
        let list = ListCanned { limit: None, cursor: Some(bad.into()) };
        assert_eq!(problem(world.call(&maya.by, list).await), Problem::BadRequest, "{bad}");
    }
}

async fn what_admins_do_is_in_the_audit_log(world: World) {
    let (admin, maya) = world.agent("maya").await;
    add(&world, &maya, new("mine", "own", None)).await.unwrap();
    let shared = add(&world, &admin, new("hello", "all", None)).await.unwrap();
    world.call(&admin.by, edit(&shared.id, None, Some("Hello"))).await.unwrap();
    // What changes nothing is no change.
    world.call(&admin.by, edit(&shared.id, None, Some("Hello"))).await.unwrap();
    world.call(&admin.by, DeleteCanned { id: shared.id }).await.unwrap();
    let logged = "SELECT COUNT(*) FROM audit WHERE target_kind = 'canned_reply' AND target_name = 'hello'";
    assert_eq!(world.count(logged), 3);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE target_kind = 'canned_reply'"), 3);
}
