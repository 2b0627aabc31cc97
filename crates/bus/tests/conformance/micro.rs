use std::time::Duration;

use switchboard_bus::Message;
use switchboard_bus::micro::{Endpoint, MicroService, Ping, ServiceStats, discover};

use crate::world::{PATIENCE, World, listen, next, nothing};

const WAIT: Duration = Duration::from_secs(1);

fn service(name: &str) -> MicroService {
    MicroService {
        name: name.into(),
        version: "1.2.3".into(),
        description: "says something".into(),
        metadata: [("switchboard".into(), "automation".into())].into(),
        endpoints: vec![Endpoint {
            name: "turn".into(),
            subject: format!("switchboard.v1.automation.{name}.turn"),
            metadata: Default::default(),
        }],
    }
}

pub async fn what_is_announced_is_found_until_it_goes(world: World) {
    let (seeker, host) = (world.connect().await, world.connect().await);
    assert_eq!(discover(&*seeker, PATIENCE).await, Ok(vec![]), "nobody there is known at once");
    let first = service("parrot").announce(host.clone(), 0).await.unwrap();
    let second = service("parrot").announce(host.clone(), 0).await.unwrap();
    let other = service("owl").announce(host.clone(), 0).await.unwrap();
    host.flush(PATIENCE).await.unwrap();
    let mut found = discover(&*seeker, WAIT).await.unwrap();
    let mut wanted = [first.info(), second.info(), other.info()].map(Clone::clone).to_vec();
    found.sort_by(|a, b| a.identity.id.cmp(&b.identity.id));
    wanted.sort_by(|a, b| a.identity.id.cmp(&b.identity.id));
    assert_eq!(found, wanted);
    assert_eq!(found[0].endpoints[0].queue_group, "q");
    assert_eq!(found[0].identity.metadata["switchboard"], "automation");
    drop((first, second));
    tokio::time::sleep(WAIT).await;
    let left = discover(&*seeker, WAIT).await.unwrap();
    assert_eq!(left, [other.info().clone()]);
}

pub async fn monitoring_asks_all_or_by_name_or_by_id(world: World) {
    let (seeker, host) = (world.connect().await, world.connect().await);
    let one = service("parrot").announce(host.clone(), 1_795_417_200_000).await.unwrap();
    let _two = service("parrot").announce(host.clone(), 0).await.unwrap();
    let _owl = service("owl").announce(host.clone(), 0).await.unwrap();
    host.flush(PATIENCE).await.unwrap();
    let id = &one.info().identity.id;
    let mut replies = listen(&*seeker, "replies", None).await;
    for (subject, answers) in
        [("$SRV.PING".into(), 3), ("$SRV.PING.parrot".into(), 2), (format!("$SRV.PING.parrot.{id}"), 1)]
    {
        seeker.publish(Message::new(subject, "").reply_to("replies")).await.unwrap();
        for _ in 0..answers {
            let ping: Ping = serde_json::from_slice(&next(&mut replies).await.payload).unwrap();
            assert_eq!(ping.kind, "io.nats.micro.v1.ping_response");
            assert_eq!(ping.identity.version, "1.2.3");
        }
        nothing(&mut replies).await;
    }
    one.stats().record("turn", Duration::from_millis(2), None);
    one.stats().record("turn", Duration::from_millis(4), Some("no idea"));
    one.stats().record("no such endpoint", Duration::from_millis(4), None);
    seeker.publish(Message::new(format!("$SRV.STATS.parrot.{id}"), "").reply_to("replies")).await.unwrap();
    let answer = next(&mut replies).await;
    let json: serde_json::Value = serde_json::from_slice(&answer.payload).unwrap();
    assert_eq!(json["type"], "io.nats.micro.v1.stats_response");
    assert_eq!((&json["name"], &json["id"]), (&"parrot".into(), &id.as_str().into()));
    let stats: ServiceStats = serde_json::from_slice(&answer.payload).unwrap();
    assert_eq!(stats.started, "2026-11-23T07:00:00.000Z");
    let turn = &stats.endpoints[0];
    assert_eq!((turn.num_requests, turn.num_errors, turn.last_error.as_str()), (2, 1, "no idea"));
    assert_eq!((turn.processing_time, turn.average_processing_time), (6_000_000, 3_000_000));
}

pub async fn services_of_other_clients_are_read_and_rubbish_is_not(world: World) {
    let (seeker, foreign) = (world.connect().await, world.connect().await);
    let mut asked = listen(&*foreign, "$SRV.INFO", None).await;
    let answering = tokio::spawn(async move {
        let reply = next(&mut asked).await.reply.unwrap();
        for answer in [
            "rubbish",
            r#"{"type":"io.nats.micro.v1.ping_response","name":"x","id":"1","version":"1.0.0"}"#,
            r#"{"type":"io.nats.micro.v1.info_response","name":"go","id":"2","version":"0.0.1",
                "metadata":null,"description":"d","endpoints":null,"new":1}"#,
        ] {
            foreign.publish(Message::new(reply.clone(), answer)).await.unwrap();
        }
        // It goes away with this task, and what it has not sent by then goes with it.
        foreign.flush(PATIENCE).await.unwrap();
    });
    let found = discover(&*seeker, WAIT).await.unwrap();
    answering.await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].identity.name.as_str(), found[0].endpoints.len()), ("go", 0));
}

pub async fn what_is_no_service_is_refused(world: World) {
    let bus = world.connect().await;
    for (name, version) in [("a.b", "1.0.0"), ("", "1.0.0"), ("a", "1.0"), ("a", "x"), ("a", "1.0.0.0")] {
        let mut bad = service("a");
        (bad.name, bad.version) = (name.into(), version.into());
        assert!(bad.announce(bus.clone(), 0).await.is_err(), "{name} {version}");
    }
}
