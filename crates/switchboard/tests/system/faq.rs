//! An admin writes an article; a visitor asks, gets it, says no, and is handed over. Help pages show the same.

use anyhow::ensure;
use http::Method;
use serde_json::json;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, has};

on_shapes!(Embedded, Cluster, Split: [
    a_visitor_is_answered_and_then_handed_over, help_pages_are_safe_and_cached,
    two_admins_do_not_overwrite_each_other,
]);

async fn publish(scene: &Scene, slug: &str, title: &str, body: &str) -> anyhow::Result<serde_json::Value> {
    let article = json!({
        "title": title, "slug": slug, "body": body, "language": "en", "keywords": [], "published": true,
    });
    Ok(scene.admin.http.post("/articles", article).await?.expect(201)?["article"].clone())
}

async fn a_visitor_is_answered_and_then_handed_over(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    // Nobody may start with it before an admin has activated it.
    let automations = scene.admin.http.get("/automations").await?.expect(200)?;
    let faq =
        automations["items"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "faq")).cloned();
    ensure!(faq.is_some_and(|faq| faq["active"] == false), "{automations}");
    scene.admin.http.patch("/automations/faq", json!({ "active": true })).await?.expect(200)?;
    publish(&scene, "refunds", "How do I get a refund?", "Press **Request refund** under Orders.").await?;

    let visitor = scene.system.visitor().await?;
    let id = visitor.ask_automation("faq", "how can i get refunded").await?;
    let said = visitor.until_texts(&id, "automation", 1, SOON).await?;
    ensure!(
        said[0].contains("Press Request refund under Orders.") && said[0].contains("/help/refunds"),
        "{said:?}"
    );
    let entries = visitor.entries(&id).await?;
    let choices =
        entries.iter().find_map(|entry| entry["body"]["choices"].as_array()).cloned().unwrap_or_default();
    ensure!(choices.len() == 3, "{entries:?}");
    visitor.say(&id, choices[1]["value"].as_str().unwrap_or_default()).await?;
    scene.agent.until(&id, "handed to a person", SOON, |c| has(c, &scene.agent)).await?;
    let told = visitor.texts(&id, "automation").await?;
    ensure!(told.len() == 2, "{told:?}");

    // Another one is helped, and a third one asks what nobody has written down.
    let helped = scene.system.visitor().await?;
    let id = helped.ask_automation("faq", "refund?").await?;
    helped.until_texts(&id, "automation", 1, SOON).await?;
    helped.say(&id, choices[0]["value"].as_str().unwrap_or_default()).await?;
    helped.until_texts(&id, "automation", 2, SOON).await?;
    let list = scene.admin.http.get("/articles?q=REFUND").await?.expect(200)?;
    let article = &list["items"][0];
    ensure!(article["helpful"] == 1 && article["unhelpful"] == 1, "{list}");
    let lost = scene.system.visitor().await?;
    let id = lost.ask_automation("faq", "do you sell zebras").await?;
    scene.agent.until(&id, "handed to a person", SOON, |c| has(c, &scene.agent)).await?;

    let tried = scene.admin.http.get("/articles/try?q=refund").await?.expect(200)?;
    ensure!(tried["found"]["sure"] == true && tried["hands_over"] == false, "{tried}");
    ensure!(tried["says"].as_str().is_some_and(|says| says.contains("/help/refunds")), "{tried}");
    Ok(())
}

async fn help_pages_are_safe_and_cached(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let http = scene.system.http();
    let page = async |path: &str| http.raw(Method::GET, path, None).await;
    let text = |reply: &switchboard_testkit::http::Reply| String::from_utf8_lossy(&reply.text).into_owned();
    let empty = page("/help").await?;
    ensure!(empty.status == 200 && text(&empty).contains("no articles yet"), "{}", text(&empty));
    let bad =
        "<script>alert(1)</script>\n\n[x](javascript:alert(2)) ![y](https://evil.example/p.png)\n\n# Part";
    let danger = publish(&scene, "danger", "A <b>title</b>", bad).await?;

    let article = page("/help/danger").await?;
    let html = text(&article);
    ensure!(
        article.status == 200 && html.contains("<html lang=\"en\">") && html.contains("<h2>Part</h2>"),
        "{html}"
    );
    for wrong in ["<script", "javascript:alert(2)\"", "evil.example", "<b>"] {
        ensure!(!html.contains(wrong), "{wrong} in {html}");
    }
    ensure!(html.contains("/help/danger\">") && html.contains("rel=\"canonical\""), "{html}");
    let policy = article.header("content-security-policy").unwrap_or_default();
    ensure!(
        policy.contains("default-src 'none'") && !policy.contains("unsafe") && !policy.contains("script"),
        "{policy}"
    );
    let kept = article.header("etag").map(str::to_owned);
    ensure!(kept.is_some(), "no etag");
    let found = page("/help?q=title").await?;
    ensure!(text(&found).contains("/help/danger") && text(&found).contains("noindex"), "{}", text(&found));
    ensure!(text(&page("/help?q=%3Cscript%3E").await?).contains("&lt;script&gt;"));
    ensure!(page("/help/nothing").await?.status == 404);
    ensure!(page("/help/..%2f..%2fetc").await?.status == 404);
    ensure!(page("/help.css").await?.status == 200);

    // Another article in its place is another page.
    let path = format!("/articles/{}", danger["id"].as_str().unwrap_or_default());
    scene.admin.http.delete(&path).await?.expect(204)?;
    publish(&scene, "danger", "Safe", "Text").await?;
    let other = page("/help/danger").await?.header("etag").map(str::to_owned);
    ensure!(other.is_some() && other != kept, "{other:?} {kept:?}");
    Ok(())
}

async fn two_admins_do_not_overwrite_each_other(shape: Shape) -> anyhow::Result<()> {
    let scene = Scene::open(shape).await?;
    let made = publish(&scene, "refunds", "Refunds", "Text").await?;
    let path = format!("/articles/{}", made["id"].as_str().unwrap_or_default());
    let change = |title: &str| json!({ "version": made["version"], "title": title });
    scene.admin.http.patch(&path, change("One")).await?.expect(200)?;
    let problem = scene.admin.http.patch(&path, change("Two")).await?.problem(409)?;
    ensure!(problem["type"] == "/problems/stale" && problem["errors"]["title"].is_string(), "{problem}");
    let taken = json!({ "title": "x", "slug": "refunds", "body": "x", "language": "en" });
    ensure!(scene.admin.http.post("/articles", taken).await?.problem(409)?["type"] == "/problems/taken");
    let huge = json!({ "title": "x", "body": "x".repeat(1024 * 1024), "language": "en" });
    scene.admin.http.post("/articles", huge).await?.problem(413)?;
    Ok(())
}
