//! An automation behind a web hook is one like any other: found, activated, asked, tried again, and given up.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use switchboard_outbound::sign;
use switchboard_testkit::system::Setup;
use switchboard_testkit::{Shape, System, on_shapes, staff::SOON, wait};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{is_queued, texts};

/// Guarantees §3: a stuck automation's visitors are with people within this.
const NOTICED: Duration = Duration::from_secs(20);
/// A new automation is seen within this.
const FOUND: Duration = Duration::from_secs(12);
const INSIDE: &str = "[outbound]\nallow_http = true\nallow = [\"127.0.0.0/8\"]\n";

on_shapes!(Embedded, Cluster, Split: [
    it_answers_and_is_looked_after, what_goes_wrong_is_told_and_people_take_over, a_closed_network_stays_closed,
]);

/// What a request said: its headers in lower case, and its body.
type Asked = (String, Vec<u8>);

/// Somebody's server: answers each request with what `answer` makes of it.
struct Receiver {
    address: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Receiver {
    async fn open(answer: fn(&Value) -> String) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}/turn", listener.local_addr()?);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let told = Arc::clone(&told);
                tokio::spawn(async move { serve(stream, answer, &told).await });
            }
        });
        Ok(Self { address, asked })
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }
}

async fn serve(
    mut stream: TcpStream,
    answer: fn(&Value) -> String,
    told: &Mutex<Vec<Asked>>,
) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    let (head, body) = loop {
        ensure!(stream.read_buf(&mut bytes).await? > 0, "the request ended early");
        let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = String::from_utf8_lossy(&bytes[..at]).to_lowercase();
        let length: usize = header(&head, "content-length").context("no length")?.parse()?;
        if bytes.len() >= at + 4 + length {
            break (head, bytes[at + 4..at + 4 + length].to_vec());
        }
    };
    let turn: Value = serde_json::from_slice(&body)?;
    if let Ok(mut told) = told.lock() {
        told.push((head, body));
    }
    stream.write_all(answer(&turn).as_bytes()).await?;
    Ok(())
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
}

fn http(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
}

fn shout(turn: &Value) -> String {
    let text = turn["messages"][0]["text"].as_str().unwrap_or_default();
    if text == "a person" {
        return http(
            "200 OK",
            &json!({ "messages": [], "then": { "handoff": { "reason": "asked" } } }).to_string(),
        );
    }
    http("200 OK", &json!({ "messages": [{ "text": text.to_uppercase() }], "then": "wait" }).to_string())
}

fn redirect(_: &Value) -> String {
    "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://169.254.169.254/latest/meta-data/\r\ncontent-length: 0\r\n\r\n"
        .into()
}

async fn open(shape: Shape) -> anyhow::Result<System> {
    Setup::new(shape).configuration(INSIDE).start().await
}

async fn it_answers_and_is_looked_after(shape: Shape) -> anyhow::Result<()> {
    let system = open(shape).await?;
    let admin = system.admin().await?;
    let receiver = Receiver::open(shout).await?;
    for (bad, field) in [
        (json!({ "name": "Shout!", "title": "Shout", "url": receiver.address }), "name"),
        (json!({ "name": "shout", "title": " ", "url": receiver.address }), "title"),
        (json!({ "name": "shout", "title": "Shout", "url": "ftp://example.org/" }), "url"),
        (json!({ "name": "shout", "title": "Shout", "url": "https://me:secret@example.org/" }), "url"),
    ] {
        let problem = admin.http.post("/automations", bad).await?.problem(422)?;
        ensure!(problem["errors"][field].is_string(), "{problem}");
    }
    let hook =
        json!({ "name": "shout", "title": "Shout", "description": "Louder.", "url": receiver.address });
    let made = admin.http.post("/automations", hook.clone()).await?.expect(201)?;
    let secret = made["secret"].as_str().context("no secret")?.to_owned();
    ensure!(secret.starts_with("whsec_") && made["automation"]["active"] == false, "{made}");
    admin.http.post("/automations", hook).await?.problem(409)?;
    let taken = json!({ "name": "mat", "title": "Mat", "url": receiver.address });
    admin.http.post("/automations", taken).await?.problem(409)?;
    let listed = admin.http.get("/automations").await?.expect(200)?.to_string();
    ensure!(
        listed.contains(&receiver.address) && !listed.contains(&secret),
        "the secret is shown once: {listed}"
    );

    // An admin may try it before that, and no conversation comes of it.
    let trial = json!({ "text": "is this on?" });
    let tried = wait::until("it is served", FOUND, async || {
        let tried = admin.http.post("/automations/shout/hook/test", trial.clone()).await?.expect(200)?;
        Ok(tried["error"].is_null().then_some(tried))
    });
    let (tried, _) = tried.await?;
    ensure!(tried["messages"] == json!([{ "text": "IS THIS ON?", "choices": [] }]), "{tried}");
    ensure!(tried["then"] == "wait" && tried["took_ms"].is_i64(), "{tried}");
    let person = json!({ "text": "a person" });
    let tried = admin.http.post("/automations/shout/hook/test", person).await?.expect(200)?;
    ensure!(tried["then"] == "handoff" && tried["reason"] == "asked", "{tried}");
    admin.http.post("/automations/shout/hook/test", json!({ "text": " " })).await?.problem(422)?;
    admin.http.post("/automations/mat/hook/test", trial.clone()).await?.problem(404)?;
    let tries = receiver.asked().len();

    // Nobody reaches it before an admin has activated it.
    let visitor = system.visitor().await?;
    let start = json!({ "to": { "automation": "shout" } });
    visitor.http.post("/visitor/conversations", start).await?.problem(404)?;
    admin.http.patch("/automations/shout", json!({ "active": true })).await?.expect(200)?;
    let id = visitor.ask_automation("shout", "how are you?").await?;
    ensure!(visitor.until_texts(&id, "automation", 1, FOUND).await? == ["HOW ARE YOU?"]);

    // What was sent is signed, as a receiver would check it.
    let (head, body) = receiver.asked().into_iter().nth(tries).context("nothing was asked")?;
    let said = |name| header(&head, name).with_context(|| format!("no {name}: {head}"));
    let turn: Value = serde_json::from_slice(&body)?;
    ensure!(said(sign::ID)? == turn["turn"].as_str().unwrap_or_default().to_lowercase(), "{head}");
    let stamp: i64 = said(sign::TIMESTAMP)?.parse()?;
    let signed = sign::signatures(
        std::slice::from_ref(&secret),
        turn["turn"].as_str().unwrap_or_default(),
        stamp,
        &body,
    );
    ensure!(said(sign::SIGNATURE)? == signed.to_lowercase(), "{head}");

    // A second secret; both are good for a while.
    let rotated = admin.http.post("/automations/shout/hook/secret", json!({})).await?.expect(200)?;
    ensure!(rotated["secret"] != secret.as_str(), "{rotated}");
    ensure!(rotated["automation"]["hook"]["old_secret_until"].is_string(), "{rotated}");
    let both = async {
        for n in 0.. {
            let before = receiver.asked().len();
            visitor.say(&id, &format!("again {n}")).await?;
            while receiver.asked().len() == before {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            let (head, _) = receiver.asked().pop().context("nothing was asked")?;
            if header(&head, sign::SIGNATURE).is_some_and(|signed| signed.contains(' ')) {
                break;
            }
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(SOON, both).await.context("only one signature")??;

    // The person behind it, and the end of it.
    visitor.say(&id, "a person").await?;
    visitor.until(&id, "with people", SOON, is_queued).await?;
    let left = visitor.ask_automation("shout", "stay").await?;
    admin.http.delete("/automations/shout").await?.expect(204)?;
    visitor.until(&left, "with people", SOON, is_queued).await?;
    admin.http.delete("/automations/shout").await?.problem(404)?;
    admin.http.delete("/automations/mat").await?.problem(404)?;
    let gone = json!({ "to": { "automation": "shout" } });
    visitor.http.post("/visitor/conversations", gone).await?.problem(404)?;
    Ok(())
}

async fn what_goes_wrong_is_told_and_people_take_over(shape: Shape) -> anyhow::Result<()> {
    let system = open(shape).await?;
    let admin = system.admin().await?;
    let receiver = Receiver::open(redirect).await?;
    let hook = json!({ "name": "away", "title": "Away", "url": receiver.address });
    admin.http.post("/automations", hook).await?.expect(201)?;
    admin.http.patch("/automations/away", json!({ "active": true })).await?.expect(200)?;
    // An attempt that finds nobody is one of the three, and a hook is served a moment after it was made.
    let served = wait::until("it is served", FOUND, async || {
        let trial = json!({ "text": "served?" });
        let tried = admin.http.post("/automations/away/hook/test", trial).await?.expect(200)?;
        Ok(tried["error"].as_str().is_some_and(|why| why.contains("307")).then_some(()))
    });
    Box::pin(served).await?;
    let tried = receiver.asked().len();
    let visitor = system.visitor().await?;
    let id = visitor.ask_automation("away", "hello?").await?;
    visitor.until(&id, "with people", NOTICED, is_queued).await?;
    ensure!(texts(&visitor.entries(&id).await?) == ["hello?"]);
    let ids: Vec<String> = receiver
        .asked()
        .iter()
        .skip(tried)
        .filter_map(|(head, _)| header(head, sign::ID).map(Into::into))
        .collect();
    ensure!(ids.len() == 3 && ids.iter().all(|id| *id == ids[0]), "three attempts at one turn: {ids:?}");
    let listed = admin.http.get("/automations").await?.expect(200)?;
    let away = listed["items"].as_array().and_then(|all| all.iter().find(|one| one["name"] == "away"));
    let tried =
        admin.http.post("/automations/away/hook/test", json!({ "text": "hello?" })).await?.expect(200)?;
    let why = tried["error"].as_str().unwrap_or_default();
    ensure!(why.contains("307") && why.contains("redirects are not followed"), "{tried}");
    let error = away.and_then(|one| one["last_error"].as_str()).unwrap_or_default();
    ensure!(error.contains("307") && error.contains("redirects are not followed"), "{listed}");
    Ok(())
}

async fn a_closed_network_stays_closed(shape: Shape) -> anyhow::Result<()> {
    // With the configuration that everybody begins with.
    let system = System::start(shape).await?;
    let admin = system.admin().await?;
    let receiver = Receiver::open(shout).await?;
    let https = receiver.address.replace("http:", "https:");
    for (name, url) in [("plain", &receiver.address), ("inside", &https)] {
        let hook = json!({ "name": name, "title": name, "url": url });
        admin.http.post("/automations", hook).await?.expect(201)?;
        admin.http.patch(&format!("/automations/{name}"), json!({ "active": true })).await?.expect(200)?;
        let visitor = system.visitor().await?;
        let id = visitor.ask_automation(name, "hello?").await?;
        visitor.until(&id, "with people", NOTICED, is_queued).await?;
    }
    ensure!(receiver.asked().is_empty(), "it was connected to");
    let listed = admin.http.get("/automations").await?.expect(200)?.to_string();
    ensure!(
        listed.contains("plain http is not allowed") && listed.contains("127.0.0.1 is an address of"),
        "{listed}"
    );
    Ok(())
}
