//! Saved views, and lists narrowed down to a tag or a team.

use switchboard_domain::Status;
use switchboard_wire::call::conversation::{ListConversations, TagConversation, View};
use switchboard_wire::call::saved_view::{AddView, DeleteView, ListViews, PatchView};
use switchboard_wire::call::visitor::{ArriveVisitor, StartWith};
use switchboard_wire::view::{SavedView, ViewFilter};
use switchboard_wire::{Failure, Problem};

use crate::on_both;
use crate::people::Person;
use crate::world::{World, problem};

on_both!(
    agents_see_their_own_and_everybodys,
    only_its_keeper_and_admins_change_one,
    what_cannot_be_listed_is_refused,
    lists_are_narrowed_down_to_a_tag,
);

fn filter(view: &str, tag: Option<&str>) -> ViewFilter {
    ViewFilter {
        view: view.into(),
        status: Some("open".into()),
        tag: tag.map(Into::into),
        team: None,
        q: None,
    }
}

async fn save(world: &World, by: &Person, name: &str, scope: &str) -> Result<SavedView, Failure> {
    let add = AddView { name: name.into(), scope: scope.into(), filter: filter("all", Some("vip")) };
    world.call(&by.by, add).await.map(|one| one.view)
}

async fn names(world: &World, by: &Person) -> Vec<String> {
    world.call(&by.by, ListViews {}).await.unwrap().items.into_iter().map(|view| view.name).collect()
}

async fn agents_see_their_own_and_everybodys(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let own = save(&world, &maya, "  Late refunds ", "own").await.unwrap();
    assert_eq!((own.name.as_str(), own.scope.as_str(), &own.by), ("Late refunds", "own", &maya.id));
    assert_eq!(own.filter, filter("all", Some("vip")));
    save(&world, &maya, "VIPs", "all").await.unwrap();
    // The same name for everybody and for oneself.
    save(&world, &noor, "VIPs", "own").await.unwrap();
    assert_eq!(names(&world, &maya).await, ["Late refunds", "VIPs"]);
    assert_eq!(names(&world, &noor).await, ["VIPs", "VIPs"]);
    assert_eq!(names(&world, &admin).await, ["VIPs"]);
    let taken = save(&world, &noor, "VIPs", "all").await.unwrap_err();
    assert_eq!((taken.problem, taken.errors.contains_key("name")), (Problem::Taken, true));
    for n in 0..48 {
        save(&world, &noor, &format!("n{n}"), "own").await.unwrap();
    }
    save(&world, &noor, "n48", "own").await.unwrap();
    let full = save(&world, &noor, "n49", "own").await.unwrap_err();
    assert!(full.errors["name"].contains("50"), "{full:?}");
    assert_eq!(names(&world, &noor).await.len(), 51);
}

async fn only_its_keeper_and_admins_change_one(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let noor = world.online_agent(&admin, "noor", None).await;
    let own = save(&world, &maya, "Mine", "own").await.unwrap();
    let shared = save(&world, &maya, "Ours", "all").await.unwrap();
    let rename = |id: &str, name: &str| PatchView { id: id.into(), name: Some(name.into()), filter: None };
    assert_eq!(problem(world.call(&noor.by, rename(&shared.id, "x")).await), Problem::Forbidden);
    for stranger in [&noor, &admin] {
        assert_eq!(problem(world.call(&stranger.by, rename(&own.id, "x")).await), Problem::NotFound);
        assert_eq!(
            problem(world.call(&stranger.by, DeleteView { id: own.id.clone() }).await),
            Problem::NotFound
        );
    }
    let renamed = world.call(&admin.by, rename(&shared.id, "Everybody's")).await.unwrap().view;
    assert_eq!((renamed.name.as_str(), renamed.by), ("Everybody's", maya.id.clone()));
    let other = PatchView { id: own.id.clone(), name: None, filter: Some(filter("queue", None)) };
    assert_eq!(world.call(&maya.by, other).await.unwrap().view.filter, filter("queue", None));
    world.call(&maya.by, DeleteView { id: own.id.clone() }).await.unwrap();
    world.call(&admin.by, DeleteView { id: shared.id }).await.unwrap();
    assert_eq!(problem(world.call(&maya.by, DeleteView { id: own.id }).await), Problem::NotFound);
    assert_eq!(names(&world, &maya).await, Vec::<String>::new());
    let logged = "SELECT COUNT(*) FROM audit WHERE target_kind = 'saved_view'";
    assert_eq!(world.count(logged), 3, "added, changed, deleted; what is one's own is not logged");
}

async fn what_cannot_be_listed_is_refused(world: World) {
    let (admin, maya) = world.agent("maya").await;
    let odd = |change: fn(&mut AddView)| {
        let mut add = AddView { name: "x".into(), scope: "own".into(), filter: filter("all", None) };
        change(&mut add);
        add
    };
    let cases: [(&str, AddView); 7] = [
        ("name", odd(|add| add.name = " ".into())),
        ("name", odd(|add| add.name = "x".repeat(81))),
        ("scope", odd(|add| add.scope = "team".into())),
        ("filter.view", odd(|add| add.filter.view = "theirs".into())),
        ("filter.status", odd(|add| add.filter.status = Some("shut".into()))),
        ("filter.tag", odd(|add| add.filter.tag = Some("a\nb".into()))),
        ("filter.team", odd(|add| add.filter.team = Some("no id!".into()))),
    ];
    for (field, add) in cases {
        let failure = world.call(&maya.by, add).await.unwrap_err();
        assert_eq!(
            (failure.problem, failure.errors.contains_key(field)),
            (Problem::Invalid, true),
            "{field}"
        );
    }
    assert_eq!(problem(save(&world, &admin, "x", "all").await), Problem::Forbidden);
}

async fn lists_are_narrowed_down_to_a_tag(world: World) {
    let (_, maya) = world.agent("maya").await;
    let mut ids = Vec::new();
    for name in ["Ada", "Bob", "Cem", "Dot"] {
        let visitor = world.visitor().await;
        let named = ArriveVisitor { name: Some(name.into()), ..ArriveVisitor::default() };
        world.call(&visitor.by, named).await.unwrap();
        ids.push(world.begin(&visitor, StartWith::People).await.id);
        world.clock.forward(1_000);
    }
    let tag = |n: usize, add: &[&str], remove: &[&str]| {
        let texts = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect();
        TagConversation { id: ids[n].clone(), add: texts(add), remove: texts(remove) }
    };
    for call in [tag(0, &["vip", "é"], &[]), tag(2, &["vip"], &[]), tag(3, &["VIP", "vip2"], &[])] {
        world.call(&maya.by, call).await.unwrap();
    }
    let list = |tag: &str, q: Option<&str>, limit| ListConversations {
        view: View::All,
        status: Some(Status::Open),
        q: q.map(Into::into),
        tag: Some(tag.into()),
        team: None,
        limit,
        cursor: None,
    };
    let found = async |call: ListConversations| -> Vec<String> {
        let page = world.call(&maya.by, call).await.unwrap();
        page.items.into_iter().map(|row| row.conversation.id).collect()
    };
    assert_eq!(found(list("vip", None, None)).await, [ids[2].clone(), ids[0].clone()]);
    assert_eq!(found(list(" é ", None, None)).await, [ids[0].clone()]);
    assert_eq!(found(list("nobody", None, None)).await, Vec::<String>::new());
    assert_eq!(found(list("vip", Some("ce"), None)).await, [ids[2].clone()]);
    assert_eq!(found(list("vip", Some("bo"), None)).await, Vec::<String>::new());
    let first = world.call(&maya.by, list("vip", None, Some(1))).await.unwrap();
    let rest = ListConversations { cursor: first.next, ..list("vip", None, None) };
    assert_eq!(found(rest).await, [ids[0].clone()]);
    let foreign = ListConversations { team: Some("T1".into()), ..list("vip", None, None) };
    assert_eq!(found(foreign).await, Vec::<String>::new());
    let long = world.call(&maya.by, list(&"x".repeat(41), None, None)).await.unwrap_err();
    assert_eq!((long.problem, long.errors.contains_key("tag")), (Problem::Invalid, true));
    world.call(&maya.by, tag(2, &[], &["vip"])).await.unwrap();
    assert_eq!(found(list("vip", None, None)).await, [ids[0].clone()]);
}
