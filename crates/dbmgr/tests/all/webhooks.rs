//! Servers outside are told what happens: everything, signed, in order, and again until they have taken it.

use std::time::Duration;

use switchboard_dbmgr::Options;
use switchboard_outbound::{Client, Policy, sign};
use switchboard_testkit::{Database, Received, Receiver, wait};
use switchboard_wire::call::conversation::{Claim, GetConversation, Rate, Resolve};
use switchboard_wire::call::guest::EraseVisitor;
use switchboard_wire::call::visitor::{ArriveVisitor, StartWith};
use switchboard_wire::call::webhook::{
    AddWebhook, DeleteWebhook, ListWebhookDeliveries, ListWebhooks, PatchWebhook, ReplayWebhook,
    RotateWebhook, TestWebhook, WebhookSecret,
};
use switchboard_wire::view::{Webhook, WebhookDelivery};
use switchboard_wire::{Failure, Problem, subject};
use tokio::time::timeout;

use crate::on_both;
use crate::people::{Person, note};
use crate::world::{World, problem};

on_both!(
    what_happens_is_told_signed_and_in_order,
    what_was_committed_while_nobody_told_is_told_later,
    a_server_that_is_down_gets_everything_when_it_is_back,
    what_was_given_up_is_tried_again_when_an_admin_says_so,
    a_server_that_is_gone_is_told_nothing_more,
    a_server_that_says_when_is_left_alone_until_then,
    a_full_queue_stops_and_says_so,
    what_is_erased_is_not_told,
    what_cannot_be_noted_keeps_nobody_from_the_rest,
    what_is_said_of_a_web_hook_must_make_sense,
    any_number_that_was_given_up_is_tried_again,
);

const SOON: Duration = Duration::from_secs(15);
const ALL: [&str; 8] = [
    "conversation.started",
    "conversation.assigned",
    "conversation.resolved",
    "conversation.rated",
    "message.visitor",
    "message.agent",
    "message.note",
    "visitor.updated",
];

/// One that may reach this machine.
fn client() -> Client {
    let allow = vec!["127.0.0.0/8".parse().unwrap()];
    Client::new(Policy { http: true, allow }, &[]).unwrap()
}

/// A program that tells servers outside what happens.
fn telling() -> Options {
    Options { outbound: Some(client()), ..Options::default() }
}

/// One that does not.
fn silent() -> Options {
    Options { without_router: true, ..Options::default() }
}

impl World {
    async fn add(&self, by: &Person, receiver: &Receiver, events: &[&str]) -> WebhookSecret {
        let events = events.iter().map(|event| (*event).to_owned()).collect();
        self.call(&by.by, AddWebhook { name: "CRM".into(), url: receiver.url(), events }).await.unwrap()
    }

    /// Waits until so many are written down as delivered: what is answered and not written yet is told again.
    async fn written(&self, count: i64) {
        let delivered = "SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'delivered'";
        let all = async || Ok((self.count(delivered) == count).then_some(()));
        wait::until("it is written down", SOON, all).await.unwrap();
    }

    async fn one(&self, by: &Person) -> Webhook {
        self.call(&by.by, ListWebhooks {}).await.unwrap().items.remove(0)
    }

    async fn deliveries(&self, by: &Person, id: &str, state: Option<&str>) -> Vec<WebhookDelivery> {
        let state = state.map(Into::into);
        let call = ListWebhookDeliveries { id: id.into(), state, limit: None, cursor: None };
        self.call(&by.by, call).await.unwrap().items
    }
}

/// What came, as `(event, seq)`.
fn told(got: &[Received]) -> Vec<(String, i64)> {
    let one = |one: &Received| {
        let body = one.json();
        (body["type"].as_str().unwrap().to_owned(), body["data"]["entry"]["seq"].as_i64().unwrap_or_default())
    };
    got.iter().map(one).collect()
}

fn id(one: &Received) -> String {
    one.header("webhook-id").unwrap().to_owned()
}

/// The texts of visitors, in the order in which they were taken.
fn texts(got: &[Received]) -> Vec<String> {
    let text = |one: &Received| one.json()["data"]["entry"]["body"]["text"].as_str().map(str::to_owned);
    got.iter().filter_map(text).collect()
}

fn is_signed(one: &Received, secrets: &[String]) -> bool {
    let timestamp: i64 = one.header("webhook-timestamp").unwrap().parse().unwrap();
    one.header("webhook-signature") == Some(&sign::signatures(secrets, &id(one), timestamp, &one.body))
}

async fn what_happens_is_told_signed_and_in_order(world: World) {
    let world = world.again(&telling()).await;
    let (admin, agent) = world.agent("maya").await;
    let receiver = Receiver::start().await.unwrap();
    let mut changes = world.bus.subscribe(&subject::notice("hooks", None), None).await.unwrap();
    let made = world.add(&admin, &receiver, &ALL).await;
    changes.next().await.unwrap();
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "one").await.unwrap();
    let c = world.call(&agent.by, Claim { id: c.id, fence: c.fence }).await.unwrap();
    world.append(vec![note(&agent, &c.id, "between us")]).await.remove(0).unwrap();
    world.say(&agent, &c.id, "two").await.unwrap();
    let told_more = ArriveVisitor { name: Some("Ada".into()), ..ArriveVisitor::default() };
    world.call(&visitor.by, told_more).await.unwrap();
    let c = world.call(&agent.by, GetConversation { id: c.id }).await.unwrap();
    world.call(&agent.by, Resolve { id: c.id.clone(), fence: Some(c.fence) }).await.unwrap();
    world.call(&visitor.by, Rate { id: c.id.clone(), score: 5, comment: Some("fine".into()) }).await.unwrap();

    let got = receiver.until("everything is told", SOON, |got| got.len() >= 8).await.unwrap();
    assert!(got.iter().all(|one| is_signed(one, std::slice::from_ref(&made.secret))), "{got:?}");
    let of_it: Vec<Received> =
        got.iter().filter(|one| one.json()["data"]["conversation"].is_object()).cloned().collect();
    let names: Vec<String> = told(&of_it).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "conversation.started",
        "message.visitor",
        "conversation.assigned",
        "message.note",
        "message.agent",
        "conversation.resolved",
        "conversation.rated",
    ];
    assert_eq!(names, expected);
    let rated = of_it.last().unwrap().json();
    assert_eq!(rated["data"]["rating"], serde_json::json!({ "score": 5, "comment": "fine" }));
    let updated = got.iter().find(|one| one.json()["type"] == "visitor.updated").unwrap().json();
    assert_eq!(updated["data"]["visitor"]["name"], "Ada");
    let mut ids: Vec<String> = got.iter().map(id).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), got.len(), "each event once");
    let told = timeout(Duration::from_millis(10), changes.next()).await;
    assert!(told.is_err(), "whoever serves web hooks lists them for nothing: {told:?}");

    // How it went is listed; what was sent is not kept.
    let all = wait::until("all is written down", SOON, async || {
        let all = world.deliveries(&admin, &made.webhook.id, None).await;
        Ok(all.iter().all(|one| one.state == "delivered").then_some(all))
    });
    let (all, _) = all.await.unwrap();
    assert_eq!(all.len(), got.len());
    assert!(all.iter().all(|one| one.status == Some(200) && one.said == "noted" && one.attempts == 1));
    assert_eq!(world.count("SELECT COUNT(*) FROM webhook_deliveries WHERE body <> ''"), 0);

    // While the secret changes, requests are signed with both.
    let next = world.call(&admin.by, RotateWebhook { id: made.webhook.id.clone() }).await.unwrap();
    let event = world.call(&admin.by, TestWebhook { id: made.webhook.id.clone() }).await.unwrap().event;
    let more =
        receiver.until("the test came", SOON, |got| got.iter().any(|one| id(one) == event)).await.unwrap();
    let test = more.last().unwrap();
    assert_eq!(test.json()["type"], "webhook.test");
    assert!(is_signed(test, &[next.secret, made.secret]), "{test:?}");
}

async fn what_was_committed_while_nobody_told_is_told_later(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "before").await.unwrap();
    world.add(&admin, &receiver, &["message.visitor"]).await;
    world.say(&visitor, &c.id, "0").await.unwrap();
    receiver.until("it is told", SOON, |got| got.len() == 1).await.unwrap();
    world.written(1).await;
    // Whoever tells ends, without a word of what it knew; others commit meanwhile.
    let world = world.again(&silent()).await;
    for n in 1..=5 {
        world.say(&visitor, &c.id, &n.to_string()).await.unwrap();
    }
    let other = world.begin(&world.visitor().await, StartWith::People).await;
    let world = world.again(&telling()).await;
    receiver.until("what it missed is told", SOON, |got| got.len() >= 6).await.unwrap();
    world.say(&visitor, &c.id, "6").await.unwrap();
    let got = receiver.until("it goes on", SOON, |got| got.len() >= 7).await.unwrap();
    assert_eq!(
        texts(&got),
        ["0", "1", "2", "3", "4", "5", "6"],
        "in order, once; nothing from before it was added"
    );
    assert!(got.iter().all(|one| one.json()["data"]["conversation"]["id"] != other.id.as_str()));
}

async fn a_server_that_is_down_gets_everything_when_it_is_back(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let made = world.add(&admin, &receiver, &["message.visitor"]).await;
    receiver.answers(503);
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    for n in 0..5 {
        world.say(&visitor, &c.id, &n.to_string()).await.unwrap();
    }
    receiver.until("it is tried", SOON, |got| !got.is_empty()).await.unwrap();
    let failing = wait::until("it is written down", SOON, async || {
        Ok(Some(world.one(&admin).await).filter(|one| one.failing_since.is_some() && one.waiting == 5))
    });
    let (failing, _) = failing.await.unwrap();
    assert_eq!((failing.active, failing.failed), (true, 0));
    let first = world.deliveries(&admin, &made.webhook.id, Some("waiting")).await.pop().unwrap();
    assert_eq!((first.attempts, first.status), (1, Some(503)));
    receiver.answers(200);
    receiver.until("all have come", SOON, |got| got.len() >= 6).await.unwrap();
    let got = receiver.got();
    assert_eq!(texts(&receiver.taken()), ["0", "1", "2", "3", "4"]);
    assert_eq!(id(&got[0]), id(&got[1]), "a repeat has the same id");
    let well = wait::until("it does well again", SOON, async || {
        Ok(Some(world.one(&admin).await).filter(|one| one.failing_since.is_none() && one.waiting == 0))
    });
    well.await.unwrap();
}

async fn what_was_given_up_is_tried_again_when_an_admin_says_so(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let hook = world.add(&admin, &receiver, &["message.visitor"]).await.webhook.id;
    receiver.answers(302);
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    for n in 0..3 {
        world.say(&visitor, &c.id, &n.to_string()).await.unwrap();
    }
    receiver.until("it is tried", SOON, |got| !got.is_empty()).await.unwrap();
    // A day later.
    let given_up = wait::until("it is given up", SOON, async || {
        world
            .database
            .sql("UPDATE webhook_deliveries SET attempts = 9, due_at = 1 WHERE state = 'waiting'")?;
        let failed = world.deliveries(&admin, &hook, Some("failed")).await;
        Ok((failed.len() == 3).then_some(failed))
    });
    let (given_up, _) = given_up.await.unwrap();
    assert!(
        given_up.iter().all(|one| one.status == Some(302) && one.said.contains("redirects are not followed"))
    );
    assert!(given_up.iter().all(|one| one.due_at.is_none() && one.attempts == 10));
    receiver.answers(204);
    let replay = |event: Option<&str>| ReplayWebhook { id: hook.clone(), event: event.map(Into::into) };
    let one = world.call(&admin.by, replay(Some(&given_up[2].id))).await.unwrap();
    assert_eq!(one.deliveries, 1);
    receiver.until("it is taken", SOON, |got| got.iter().any(|one| one.answered == 204)).await.unwrap();
    assert!(world.call(&admin.by, replay(None)).await.unwrap().deliveries == 2);
    let all = wait::until("all are taken", SOON, async || {
        Ok((texts(&receiver.taken()).len() >= 3).then(|| texts(&receiver.taken())))
    });
    assert_eq!(all.await.unwrap().0, ["0", "1", "2"]);
    assert_eq!(world.call(&admin.by, replay(Some("nothing"))).await.unwrap().deliveries, 0);
}

async fn a_server_that_is_gone_is_told_nothing_more(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let hook = world.add(&admin, &receiver, &["message.visitor"]).await.webhook.id;
    receiver.answers(410);
    world.call(&admin.by, TestWebhook { id: hook.clone() }).await.unwrap();
    let stopped = wait::until("it is stopped", SOON, async || {
        Ok(Some(world.one(&admin).await).filter(|one| !one.active))
    });
    assert!(stopped.await.unwrap().0.stopped.unwrap().contains("410"));
    assert_eq!(
        world.count("SELECT COUNT(*) FROM audit WHERE action = 'webhook.stopped' AND actor_role = 'system'"),
        1
    );
    let refused = problem(world.call(&admin.by, TestWebhook { id: hook.clone() }).await);
    assert_eq!(refused, Problem::BadRequest);

    // Nothing of what happens meanwhile is told when it is activated again.
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "unheard").await.unwrap();
    receiver.answers(200);
    let on = PatchWebhook { id: hook.clone(), name: None, url: None, events: None, active: Some(true) };
    let on = world.call(&admin.by, on).await.unwrap().webhook;
    assert_eq!((on.active, on.stopped), (true, None));
    world.say(&visitor, &c.id, "heard").await.unwrap();
    let heard = |got: &[Received]| texts(got).contains(&"heard".to_owned());
    let got = receiver.until("it is told again", SOON, heard).await.unwrap();
    assert_eq!(texts(&got), ["heard"]);

    world.call(&admin.by, DeleteWebhook { id: hook }).await.unwrap();
    assert!(world.call(&admin.by, ListWebhooks {}).await.unwrap().items.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM webhook_deliveries"), 0);
}

async fn a_server_that_says_when_is_left_alone_until_then(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let hook = world.add(&admin, &receiver, &["message.visitor"]).await.webhook.id;
    receiver.answers(429);
    receiver.says("retry-after: 3600", "");
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "one").await.unwrap();
    let refused = wait::until("it is refused", SOON, async || {
        let first = world.deliveries(&admin, &hook, Some("waiting")).await.into_iter().next();
        Ok(first.filter(|one| one.attempts == 1))
    });
    assert_eq!(refused.await.unwrap().0.status, Some(429));
    // An hour after it was tried, not five seconds; the clock of the tests stands as it likes.
    let later = "SELECT COUNT(*) FROM webhook_deliveries WHERE due_at - tried_at BETWEEN 3599000 AND 3601000";
    assert_eq!(world.count(later), 1);
    // It is left alone with everything else as well.
    receiver.answers(200);
    let other = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &other.id, "two").await.unwrap();
    let noted = wait::until("it is noted", SOON, async || {
        Ok((world.deliveries(&admin, &hook, Some("waiting")).await.len() == 2).then_some(()))
    });
    noted.await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(receiver.got().len(), 1, "it said when to come again");
}

async fn a_full_queue_stops_and_says_so(world: World) {
    let world = world.again(&Options { tell_waiting: 5, ..telling() }).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    world.add(&admin, &receiver, &["message.visitor"]).await;
    // Not a failure that is counted, only one after the other: it is full all the same.
    receiver.answers(429);
    receiver.says("retry-after: 3600", "");
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let stopped = wait::until("it is stopped", SOON, async || {
        world.say(&visitor, &c.id, "again").await.unwrap();
        Ok(Some(world.one(&admin).await).filter(|one| !one.active))
    });
    let stopped = stopped.await.unwrap().0;
    assert_eq!(stopped.stopped.as_deref(), Some("more than 5 deliveries wait for it"));
    assert_eq!(stopped.limit, 5);
    assert!(stopped.waiting > 5, "{stopped:?}");
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'webhook.stopped'"), 1);
}

async fn what_is_erased_is_not_told(world: World) {
    let world = world.again(&telling()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let hook = world.add(&admin, &receiver, &["message.visitor"]).await.webhook.id;
    receiver.answers(500);
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &c.id, "my secret").await.unwrap();
    receiver.until("it is tried", SOON, |got| !got.is_empty()).await.unwrap();
    world.call(&admin.by, EraseVisitor { id: visitor.id }).await.unwrap();
    let secret = "SELECT COUNT(*) FROM webhook_deliveries WHERE body LIKE '%my secret%'";
    assert_eq!(world.count(secret), 0);
    assert!(world.deliveries(&admin, &hook, None).await.iter().all(|one| one.about != c.id));
}

async fn what_is_said_of_a_web_hook_must_make_sense(world: World) {
    let (admin, agent) = world.agent("maya").await;
    let add = |name: &str, url: &str, events: &[&str]| AddWebhook {
        name: name.into(),
        url: url.into(),
        events: events.iter().map(|event| (*event).to_owned()).collect(),
    };
    let good = "https://crm.example.org/in";
    let field =
        |refused: Result<WebhookSecret, Failure>| refused.unwrap_err().errors.into_keys().collect::<Vec<_>>();
    for (call, wrong) in [
        (add(" ", good, &["message.visitor"]), "name"),
        (add("CRM", "crm.example.org", &["message.visitor"]), "url"),
        (add("CRM", "https://a:b@crm.example.org/", &["message.visitor"]), "url"),
        (add("CRM", good, &["webhook.test"]), "events"),
        (add("CRM", good, &["message.of_tomorrow"]), "events"),
    ] {
        assert_eq!(field(world.call(&admin.by, call).await), [wrong]);
    }
    let fine = add("CRM", good, &["message.visitor"]);
    assert_eq!(problem(world.call(&agent.by, fine.clone()).await), Problem::Forbidden);
    let made = world.call(&admin.by, fine).await.unwrap();
    assert!(made.secret.starts_with(sign::SECRET_PREFIX));
    let listed = world.one(&admin).await;
    assert_eq!(listed, made.webhook);
    assert!(!serde_json::to_string(&listed).unwrap().contains("whsec_"));
    let unknown = PatchWebhook { id: "x".into(), name: None, url: None, events: None, active: None };
    assert_eq!(problem(world.call(&admin.by, unknown).await), Problem::NotFound);

    // The path may be a secret: the audit log, which more people read, has the server alone.
    let url = Some("https://hooks.example.org:8443/services/T0/B0/s3cr3t?key=hush".to_owned());
    let patch = PatchWebhook { id: listed.id, name: None, url, events: None, active: None };
    world.call(&admin.by, patch).await.unwrap();
    let kept = "SELECT COUNT(*) FROM audit WHERE detail LIKE '%\"https://hooks.example.org:8443\"%'";
    assert_eq!(world.count(kept), 1);
    for secret in ["s3cr3t", "hush", "/in"] {
        let kept = format!("SELECT COUNT(*) FROM audit WHERE detail LIKE '%{secret}%'");
        assert_eq!(world.count(&kept), 0, "{secret}");
    }
}

async fn any_number_that_was_given_up_is_tried_again(world: World) {
    let admin = world.admin().await;
    let add = AddWebhook {
        name: "CRM".into(),
        url: "https://crm.example.org/".into(),
        events: vec!["message.visitor".into()],
    };
    let hook = world.call(&admin.by, add).await.unwrap().webhook.id;
    let rows = format!(
        "INSERT INTO webhook_deliveries (webhook_id, event_id, event, lane, seq, state, attempts, due_at, created_at, \
         tried_at, status, took_ms, said, body) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
         WHERE i < 10001) SELECT '{hook}', CONCAT('e', i), 'message.visitor', 'a', i, 'failed', 10, NULL, 1, 1, 500, 1, '', '' \
         FROM n"
    );
    let rows = match &world.database {
        Database::Sqlite(_) => rows.replace("CONCAT('e', i)", "'e' || i"),
        Database::MariaDb(..) => format!("SET max_recursive_iterations = 20000; {rows}"),
    };
    world.database.sql(&rows).unwrap();
    let all = ReplayWebhook { id: hook, event: None };
    assert_eq!(world.call(&admin.by, all.clone()).await.unwrap().deliveries, 10_001);
    assert_eq!(world.count("SELECT COUNT(*) FROM webhook_deliveries WHERE state = 'waiting'"), 10_001);
    assert_eq!(world.count("SELECT COUNT(*) FROM audit WHERE action = 'webhook.replayed'"), 1);
    assert_eq!(world.call(&admin.by, all).await.unwrap().deliveries, 0);
}

async fn what_cannot_be_noted_keeps_nobody_from_the_rest(world: World) {
    let world = world.again(&silent()).await;
    let admin = world.admin().await;
    let receiver = Receiver::start().await.unwrap();
    let hook = world.add(&admin, &receiver, &["message.visitor"]).await.webhook.id;
    let visitor = world.visitor().await;
    let c = world.begin(&visitor, StartWith::People).await;
    let mut seq = 0;
    for text in ["one", "spoilt", "poison", "two"] {
        let said = world.say(&visitor, &c.id, text).await.unwrap();
        seq = if text == "spoilt" { said.seq } else { seq };
    }
    let other = world.begin(&visitor, StartWith::People).await;
    world.say(&visitor, &other.id, "elsewhere").await.unwrap();
    // One entry is of a kind that this version does not know; another one cannot be written into the queue.
    let spoil =
        format!("UPDATE entries SET kind = 'of_tomorrow' WHERE conversation_id = '{}' AND seq = {seq}", c.id);
    world.database.sql(&spoil).unwrap();
    let refuse = match &world.database {
        Database::Sqlite(_) => {
            "CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries WHEN NEW.body LIKE '%poison%' \
             BEGIN SELECT RAISE(ABORT, 'no'); END"
        }
        Database::MariaDb(..) => {
            "CREATE TRIGGER refuse BEFORE INSERT ON webhook_deliveries FOR EACH ROW \
             SET NEW.event = IF(NEW.body LIKE '%poison%', NULL, NEW.event)"
        }
    };
    world.database.sql(refuse).unwrap();
    let world = world.again(&telling()).await;
    let got = receiver.until("the rest is told", SOON, |got| got.len() >= 3).await.unwrap();
    let mut rest = texts(&got);
    rest.sort();
    assert_eq!(rest, ["elsewhere", "one", "two"]);
    // It goes on, and once more after another start.
    world.say(&visitor, &c.id, "three").await.unwrap();
    receiver.until("it goes on", SOON, |got| texts(got).contains(&"three".to_owned())).await.unwrap();
    world.written(4).await;
    let world = world.again(&telling()).await;
    world.say(&visitor, &c.id, "four").await.unwrap();
    let got = receiver.until("and on", SOON, |got| texts(got).contains(&"four".to_owned())).await.unwrap();
    assert_eq!(got.len(), 5, "each once");
    let failed = world.deliveries(&admin, &hook, Some("failed")).await;
    assert!(failed.len() == 1 && failed[0].said.contains("could not be noted"), "{failed:?}");
}
