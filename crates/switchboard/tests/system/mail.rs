//! E-mail to a visitor who has left: out of the real program, through a real mail server, and back by its link.

use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::json;
use switchboard_testkit::smtp::Smtp;
use switchboard_testkit::{Shape, on_shapes, staff::SOON};

use crate::support::{Scene, has, items, texts};

on_shapes!(Embedded: [an_answer_that_nobody_saw_is_sent_and_leads_back]);

/// A reply is looked at once its time has come, and what is due is sent, within this.
const SENT: Duration = Duration::from_secs(45);

async fn an_answer_that_nobody_saw_is_sent_and_leads_back(shape: Shape) -> anyhow::Result<()> {
    let mut scene = Scene::open(shape).await?;
    let smtp = Smtp::start().await?;
    let name = scene.system.part_names().first().context("a part")?.clone();
    let address = format!("http://{}", scene.system.address(0));
    let settings = scene.admin.http.get("/settings").await?.expect(200)?;
    ensure!(settings["mail"]["ready"] == false, "{settings}");
    let (url, from) = (smtp.url(), "Support <help@example.org>");
    scene.system.terminate(&name, Duration::from_secs(10))?;
    scene.system.launch_with(
        &name,
        &[
            ("SWITCHBOARD_SMTP_URL", &url),
            ("SWITCHBOARD_SMTP_FROM", from),
            ("SWITCHBOARD_PUBLIC_URL", &address),
        ],
    )?;
    scene.system.await_ready(&name).await?;
    let settings = scene.admin.http.get("/settings").await?.expect(200)?;
    ensure!(settings["mail"]["ready"] == true, "{settings}");
    // Shorter than an admin may say, so that nobody has to wait.
    let at_once = json!({ "mail": { "replies": true, "after_minutes": 0 } });
    scene.system.database.sql(&format!(
        "DELETE FROM meta WHERE name = 'settings'; INSERT INTO meta (name, value) VALUES ('settings', '{at_once}')"
    ))?;

    let _socket = scene.agent.online().await?;
    let visitor = scene.system.visitor().await?;
    visitor.http.post("/visitor/session", json!({ "email": "ann@example.com" })).await?.expect(200)?;
    let id = visitor.ask_people("Is it on its way?").await?;
    scene.agent.until(&id, "assigned", SOON, |c| has(c, &scene.agent)).await?;
    scene.agent.say(&id, "It is.").await?;
    let received = smtp.until(1, SENT).await;
    ensure!(received.len() == 1, "{} e-mails", received.len());
    let mail = &received[0];
    ensure!(mail.to == ["ann@example.com"] && mail.unfolded().contains("It is."), "{mail:?}");
    ensure!(mail.unfolded().contains(&format!("{address}/chat#mail=")), "{mail:?}");

    let secret = mail.after("/chat#mail=").context("a link")?;
    ensure!(!mail.text.contains(&visitor.token), "the visitor's own token is in no e-mail");
    let http = scene.system.http();
    let opened = http.post("/visitor/mail/open", json!({ "secret": secret })).await?.expect(201)?;
    ensure!(
        opened["conversation"] == id.as_str() && opened["visitor"]["id"] == visitor.id.as_str(),
        "{opened}"
    );
    let there = http.clone().with_bearer(opened["token"].as_str());
    let entries = there.get(&format!("/visitor/conversations/{id}/entries")).await?.expect(200)?;
    ensure!(texts(items(&entries)?) == ["Is it on its way?", "It is."], "{entries}");
    visitor.http.post("/visitor/mail/open", json!({ "secret": secret })).await?.expect(200)?;
    http.post("/visitor/mail/open", json!({ "secret": "guess" })).await?.problem(404)?;
    let stop = mail.after("/api/v1/visitor/mail/stop/").context("a way to stop")?;
    http.post(&format!("/visitor/mail/stop/{stop}"), json!({})).await?.expect(204)?;
    http.post("/visitor/mail/stop/guess", json!({})).await?.problem(404)?;
    let log = scene.admin.http.get("/mails").await?.expect(200)?;
    ensure!(log["items"][0]["state"] == "sent" && log["items"][0]["recipient"] == "ann@example.com", "{log}");

    let transcript = format!("/visitor/conversations/{id}/transcript/mail");
    visitor.http.post(&transcript, json!({ "zone": "Europe/Berlin" })).await?.expect(204)?;
    scene.system.visitor().await?.http.post(&transcript, json!({})).await?.problem(404)?;
    let received = smtp.until(2, SENT).await;
    let kept = received.last().context("a transcript")?.unfolded();
    ensure!(
        kept.contains("Is it on its way?") && kept.contains("Times are those of Europe/Berlin"),
        "{kept}"
    );

    // From one address it is not asked for without end, also where it costs nothing.
    let mut refused = 0;
    for _ in 0..14 {
        let answer = visitor.http.post(&transcript, json!({ "zone": "Europe/Berlin" })).await?;
        refused += usize::from(answer.status == 429);
    }
    ensure!((2..=6).contains(&refused), "{refused}");

    let doctor = scene
        .system
        .program(&["doctor"])
        .env("SWITCHBOARD_SMTP_URL", &url)
        .env("SWITCHBOARD_SMTP_FROM", from)
        .env("SWITCHBOARD_PUBLIC_URL", &address)
        .run("")?;
    ensure!(doctor.stdout.contains("ok    e-mail: the mail server answers"), "{doctor:?}");
    drop(smtp);
    let doctor = scene
        .system
        .program(&["doctor"])
        .env("SWITCHBOARD_SMTP_URL", &url)
        .env("SWITCHBOARD_SMTP_FROM", from)
        .env("SWITCHBOARD_PUBLIC_URL", &address)
        .run("")?;
    ensure!(doctor.stdout.contains("MEND  e-mail"), "{doctor:?}");
    Ok(())
}
