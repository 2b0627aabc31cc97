//! Who a site says that its visitors are: the same person in every browser, on every node, and verified for agents.

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Database, Shape, Visitor, on_shapes, staff::SOON, token::signed};

use crate::support::{Scene, has, items, texts};

on_shapes!(Embedded, Cluster: [a_signed_visitor_is_the_same_everywhere]);

/// Seconds since 1970, by the database's clock.
fn now(database: &Database) -> anyhow::Result<i64> {
    Ok(database
        .value(match database {
            Database::Sqlite(_) => "SELECT strftime('%s', 'now')",
            Database::MariaDb(..) => "SELECT UNIX_TIMESTAMP()",
        })?
        .parse()?)
}

async fn a_signed_visitor_is_the_same_everywhere(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let admin = &scene.admin.http;
    let made = admin.post("/identity/keys", json!({ "name": "shop" })).await?.expect(201)?;
    let (kid, secret) = (made["key"]["id"].as_str().unwrap_or("?"), made["secret"].as_str().unwrap_or("?"));
    let listed = admin.get("/identity/keys").await?.expect(200)?;
    ensure!(items(&listed)?.len() == 1 && !listed.to_string().contains(secret), "{listed}");
    let exp = now(&scene.system.database)? + 600;
    let token = |sub: &str| {
        signed(
            kid,
            secret,
            &json!({ "sub": sub, "aud": "switchboard", "exp": exp, "name": "Ann Lee", "email": "ann@example.org" }),
        )
    };

    // She talks first and signs in then; the agent who has her sees who she is.
    let (visitor, id) = scene.chatting().await?;
    let answer =
        visitor.http.post("/visitor/session", json!({ "identity": token("ann") })).await?.expect(200)?;
    ensure!(answer["visitor"]["id"] == visitor.id.as_str() && answer["token"] == Value::Null, "{answer}");
    let seen = |c: &Value| c["visitor"]["verified"] == true && c["visitor"]["name"] == "Ann Lee";
    scene.agent.until(&id, "verified", SOON, seen).await?;

    // On the phone, by another node, she has talked too before she signs in.
    let phone = Visitor::arrive(&scene.system.far_http()).await?;
    let mut open = phone.socket().await?;
    let other = phone.ask_people("from the phone").await?;
    scene.agent.until(&other, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    let joined =
        phone.http.post("/visitor/session", json!({ "identity": token("ann") })).await?.expect(200)?;
    ensure!(joined["visitor"]["id"] == visitor.id.as_str(), "{joined}");
    scene.agent.until(&other, "joined", SOON, seen).await?;
    for http in [&visitor.http, &phone.http] {
        let own = http.get("/visitor/conversations").await?.expect(200)?;
        ensure!(items(&own)?.len() == 2, "{own}");
    }
    // Both tokens go on working, for both conversations; what was open of the one who is no more comes back as the other.
    let (code, _) = open.closed(SOON).await?;
    ensure!(code == 4003, "{code}");
    phone.say(&id, "still me").await?;
    visitor.say(&other, "me too").await?;
    ensure!(texts(&scene.agent.entries(&id).await?) == ["hello", "still me"], "what was said");
    let mut socket = phone.socket().await?;
    scene.agent.say(&id, "hello Ann").await?;
    socket
        .expect_where("the answer", SOON, |f| {
            f["type"] == "entry" && f["entry"]["body"]["text"] == "hello Ann"
        })
        .await?;
    scene.agent.say(&other, "and here").await?;
    socket
        .expect_where("the answer in what was joined", SOON, |f| {
            f["type"] == "entry" && f["entry"]["body"]["text"] == "and here"
        })
        .await?;

    // A browser that never talked gets a token of hers; a token for somebody else is somebody else.
    let tablet = Visitor::arrive_as(&scene.system.http(), json!({ "identity": token("ann") })).await?;
    ensure!(tablet.id == visitor.id && tablet.token != visitor.token, "another browser");
    let shared =
        tablet.http.post("/visitor/session", json!({ "identity": token("bob") })).await?.expect(201)?;
    ensure!(shared["visitor"]["id"] != visitor.id.as_str() && shared["token"].is_string(), "{shared}");

    // What proves nothing changes nothing, and says why.
    let good = token("ann");
    for bad in
        [format!("{good}x"), good.replacen('.', "", 1), String::new(), signed(kid, "guess", &json!({}))]
    {
        let problem =
            scene.system.http().post("/visitor/session", json!({ "identity": bad })).await?.problem(422)?;
        ensure!(problem["errors"]["identity"].is_string(), "{problem}");
    }
    admin.delete(&format!("/identity/keys/{kid}")).await?.expect(204)?;
    visitor.http.post("/visitor/session", json!({ "identity": good })).await?.problem(422)?;
    visitor.http.get("/visitor/conversations").await?.expect(200)?;
    Ok(())
}
