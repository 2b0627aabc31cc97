//! Lists: pages that neither skip nor repeat, views that show what they say.

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Shape, System, Visitor, on_shapes};

use crate::support::items;

on_shapes!(Embedded, Cluster: [
    pages_neither_skip_nor_repeat, views_and_search, entries_forwards_and_backwards, every_list_goes_on_with_its_cursor,
]);

async fn pages_neither_skip_nor_repeat(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    let visitor = system.visitor().await?;
    let mut made = Vec::new();
    for n in 0..11 {
        made.push(visitor.ask_people(&format!("number {n}")).await?);
    }
    made.reverse();
    for (http, list) in
        [(&visitor.http, "/visitor/conversations?"), (&agent.http, "/conversations?view=queue&")]
    {
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for _ in 0..10 {
            let page = http.get(&format!("{list}limit=3{cursor}")).await?.expect(200)?;
            let page_items = items(&page)?;
            ensure!(page_items.len() <= 3, "{page}");
            seen.extend(page_items.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()));
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        ensure!(seen == made, "{list}: {seen:?} instead of {made:?}");
    }
    Ok(())
}

async fn views_and_search(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    agent.presence("away").await?;
    let details = json!({ "name": "Zoë Zimmermann", "email": "zoe@example.org" });
    let visitor = Visitor::arrive_as(&system.http(), details).await?;
    let waiting = visitor.ask_people("please").await?;
    let other = system.visitor().await?;
    let mine = other.ask_people("mine").await?;
    agent.act(&mine, "claim", json!({})).await?;
    let ids = async |query: &str| -> anyhow::Result<Vec<String>> {
        let page = agent.http.get(&format!("/conversations?{query}")).await?.expect(200)?;
        Ok(items(&page)?.iter().map(|item| item["id"].as_str().unwrap_or_default().to_owned()).collect())
    };
    ensure!(ids("view=mine").await? == [mine.as_str()]);
    ensure!(ids("view=queue").await? == [waiting.as_str()]);
    ensure!(ids("view=all&status=open").await?.len() == 2);
    for q in ["zo%C3%AB", "Zo%C3%AB%20Zimm", "ZOE@", waiting.as_str()] {
        ensure!(ids(&format!("view=all&q={q}")).await? == [waiting.as_str()], "q={q}");
    }
    ensure!(
        ids("view=all&q=%25").await?.is_empty() && ids("view=all&q=_").await?.is_empty(),
        "wildcards work"
    );
    agent.act(&mine, "resolve", json!({})).await?;
    ensure!(ids("view=all&status=resolved").await? == [mine.as_str()]);
    ensure!(ids("view=mine&status=open").await?.is_empty());
    let page = agent.http.get("/conversations?view=queue").await?.expect(200)?;
    let summary = &items(&page)?[0];
    ensure!(summary["preview"] == "please" && summary["unread"] == 1, "{summary}");
    ensure!(summary["waiting_since"].is_string(), "{summary}");
    for bad in ["view=nonsense", "status=nonsense"] {
        agent.http.get(&format!("/conversations?{bad}")).await?.problem(400)?;
    }
    Ok(())
}

async fn entries_forwards_and_backwards(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("number 0").await?;
    for n in 1..12 {
        visitor.say(&id, &format!("number {n}")).await?;
    }
    let all = visitor.entries(&id).await?;
    let page = async |query: &str| -> anyhow::Result<Vec<u64>> {
        let page =
            visitor.http.get(&format!("/visitor/conversations/{id}/entries?{query}")).await?.expect(200)?;
        Ok(crate::support::seqs(items(&page)?))
    };
    let last = all.len() as u64;
    ensure!(page("after=0&limit=3").await? == [1, 2, 3]);
    ensure!(page(&format!("after={last}")).await?.is_empty());
    ensure!(page("before=6&limit=2").await? == [4, 5], "the last ones before it, ascending");
    ensure!(page(&format!("before={}&limit=2", last + 100)).await? == [last - 1, last]);
    ensure!(page("before=1").await?.is_empty());
    Ok(())
}

async fn every_list_goes_on_with_its_cursor(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let root = system.super_admin().await?;
    let admin = system.admin().await?;
    let agent = system.agent(&admin).await?;
    system.agent(&admin).await?;
    admin.http.post("/teams", json!({ "name": "Zoë & Söhne" })).await?.expect(201)?;
    root.http.post("/admins", json!({ "username": "second" })).await?.expect(201)?;
    admin.http.post("/session", json!({ "username": "nobody", "password": "x" })).await?;
    let visitor = system.visitor().await?;
    let id = visitor.ask_people("one").await?;
    visitor.say(&id, "two").await?;
    visitor.ask_people("another").await?;
    let (staff, own) =
        (format!("/conversations/{id}/entries"), format!("/visitor/conversations/{id}/entries"));
    let forwards = format!("{own}?after=1");
    let backwards = format!("{own}?before=3");
    let lists = [
        (&root.http, "/admins"),
        (&root.http, "/audit"),
        (&admin.http, "/agents"),
        (&admin.http, "/teams"),
        (&admin.http, "/automations"),
        (&agent.http, "/account/sessions"),
        (&agent.http, "/conversations?view=all"),
        (&agent.http, &staff),
        (&visitor.http, "/visitor/conversations"),
        (&visitor.http, &own),
        (&visitor.http, &forwards),
        (&visitor.http, &backwards),
    ];
    for (http, list) in lists {
        let mark = if list.contains('?') { '&' } else { '?' };
        let whole = http.get(&format!("{list}{mark}limit=200")).await?.expect(200)?;
        let mut expected: Vec<Value> = items(&whole)?.iter().map(lasting).collect();
        let mut seen = Vec::new();
        let mut cursor = String::new();
        for _ in 0..expected.len() {
            let page = http.get(&format!("{list}{mark}limit=1{cursor}")).await?.expect(200)?;
            ensure!(items(&page)?.len() == 1, "{list}: {page}");
            seen.extend(items(&page)?.iter().map(lasting));
            let Some(next) = page["next"].as_str() else { break };
            cursor = format!("&cursor={next}");
        }
        if list == backwards {
            expected.reverse();
        }
        ensure!(seen == expected, "{list}: {seen:?} instead of {expected:?}");
        for bad in ["garbage", "17", "null", ""] {
            http.get(&format!("{list}{mark}cursor={bad}")).await?.problem(400)?;
        }
    }
    Ok(())
}

/// An item without what a node finds out by looking, which it does while the pages are read.
fn lasting(item: &Value) -> Value {
    let mut item = item.clone();
    if let Some(fields) = item.as_object_mut() {
        fields.retain(|name, _| !["health", "instances", "counts"].contains(&name.as_str()));
    }
    item
}
