//! The settings of the installation, and the form before a conversation with people.

use anyhow::ensure;
use serde_json::{Value, json};
use switchboard_testkit::{Shape, Visitor, on_shapes};

use crate::support::Scene;

on_shapes!(Embedded, Cluster: [the_form_is_asked_before_people]);

async fn the_form_is_asked_before_people(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let admin = &scene.admin.http;
    let first = admin.get("/settings").await?.expect(200)?;
    ensure!(first["pre_chat"]["ask_name"] == "no" && first["retention_days"].is_null(), "{first}");
    // To begin with nothing is asked, and nothing must be said.
    let early = scene.system.visitor().await?;
    early.ask_people("hello").await?;
    let form = json!({
        "ask_name": "optional", "ask_email": "required", "intro": "Tell us who you are",
        "fields": [{ "key": "plan", "label": "Your plan", "kind": "choice", "required": true, "choices": ["free", "paid"] }],
    });
    let set = admin.put("/settings", json!({ "pre_chat": form, "retention_days": 30 })).await?.expect(200)?;
    ensure!(set["retention_days"] == 30 && set["pre_chat"]["fields"][0]["key"] == "plan", "{set}");
    for (bad, field) in [
        (json!({ "ask_name": "perhaps" }), "pre_chat.ask_name"),
        (json!({ "intro": "x".repeat(501) }), "pre_chat.intro"),
        (json!({ "days": 0 }), "retention_days"),
        (json!({ "days": 3651 }), "retention_days"),
    ] {
        let of = |name: &str, else_: Value| bad.get(name).cloned().unwrap_or(else_);
        let form = json!({
            "ask_name": of("ask_name", json!("no")), "ask_email": "no", "intro": of("intro", Value::Null)
        });
        let bad = json!({ "pre_chat": form, "retention_days": of("days", Value::Null) });
        let problem = admin.put("/settings", bad).await?.problem(422)?;
        ensure!(problem["errors"][field].is_string(), "{problem}");
    }
    let whole = json!({ "ask_name": "no", "ask_email": "no" });
    for bad in [
        json!({ "pre_chat": whole, "retention_days": "ten" }),
        json!({ "pre_chat": { "fields": 1 }, "retention_days": null }),
        // Who leaves a part out has not said that it shall go.
        json!({ "pre_chat": whole }),
        json!({ "retention_days": null }),
        json!({}),
        json!([]),
    ] {
        admin.put("/settings", bad).await?.problem(400)?;
    }

    // On another node, the visitor is shown the form, and must answer it for people only.
    let visitor = Visitor::arrive(&scene.system.far_http()).await?;
    let shown = visitor.http.get("/visitor/directory").await?.expect(200)?;
    ensure!(shown["pre_chat"]["intro"] == "Tell us who you are", "{shown}");
    let start = json!({ "to": { "people": true } });
    let problem = visitor.http.post("/visitor/conversations", start.clone()).await?.problem(422)?;
    ensure!(problem["errors"]["email"].is_string(), "{problem}");
    ensure!(problem["errors"]["attributes.plan"].is_string(), "{problem}");
    visitor.ask_automation("mat", "how are you?").await?;
    let answers = json!({ "email": "ada@example.org", "attributes": { "plan": "paid", "city": "Köln" } });
    let told = visitor.http.post("/visitor/session", answers).await?.expect(200)?;
    ensure!(told["visitor"]["attributes"] == json!({ "plan": "paid", "city": "Köln" }), "{told}");
    let id = visitor.ask_people("hello").await?;
    let seen = scene.agent.conversation(&id).await?;
    ensure!(seen["visitor"]["attributes"]["plan"] == "paid", "{seen}");
    for (bad, field) in
        [(json!({ "Plan": "x" }), "attributes.Plan"), (json!({ "plan": "x".repeat(501) }), "attributes.plan")]
    {
        let problem =
            visitor.http.post("/visitor/session", json!({ "attributes": bad })).await?.problem(422)?;
        ensure!(problem["errors"][field].is_string(), "{problem}");
    }
    visitor.http.post("/visitor/session", json!({ "attributes": { "n": 1 } })).await?.problem(400)?;
    Ok(())
}
