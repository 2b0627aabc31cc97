//! Programs that announce themselves are found.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::micro::{Endpoint, MicroService};
use switchboard_bus::{Bus, Message};
use switchboard_wire::subject;

use crate::scene::Scene;

#[tokio::test(start_paused = true)]
async fn a_new_automation_is_recorded_within_ten_seconds() {
    let scene = Scene::open().await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    let bus: Arc<dyn Bus> = Arc::new(scene.bus.clone());
    let metadata = BTreeMap::from([
        ("switchboard".to_owned(), "automation".to_owned()),
        ("title".to_owned(), "Shout".to_owned()),
        ("description".to_owned(), "Says it louder.".to_owned()),
    ]);
    let endpoint =
        Endpoint { name: "turn".into(), subject: subject::turn("shout"), metadata: BTreeMap::new() };
    let service = MicroService {
        name: "shout".into(),
        version: "1.0.0".into(),
        description: "Says it louder.".into(),
        metadata,
        endpoints: vec![endpoint],
    };
    let announced = service.announce(bus, 0).await.unwrap();
    scene.until(Duration::from_secs(9), |l| l.lock().found.len() == 1).await;
    let found = scene.ledger.lock().found[0].clone();
    assert_eq!((found.name.as_str(), found.title.as_str()), ("shout", "Shout"));
    drop(announced);
}

/// An instance that is slow at first, as one is that has just started: it answers only the third time it is asked
/// under its own name.
#[tokio::test(start_paused = true)]
async fn one_that_answers_late_is_recorded_within_ten_seconds_too() {
    let scene = Scene::open().await;
    // The worst moment: just after a look.
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut asked = scene.bus.subscribe("$SRV.INFO.>", None).await.unwrap();
    let mut looks = scene.bus.subscribe("$SRV.INFO", None).await.unwrap();
    let bus = scene.bus.clone();
    tokio::spawn(async move {
        let mut times = 0;
        loop {
            let request = tokio::select! {
                Some(request) = looks.next_message() => request,
                Some(request) = asked.next_message() => {
                    times += 1;
                    if times < 3 {
                        continue;
                    }
                    request
                }
            };
            bus.publish(Message::new(request.reply.unwrap(), info())).await.unwrap();
        }
    });
    scene.until(Duration::from_secs(10), |l| l.lock().found.len() == 1).await;
    assert_eq!(scene.ledger.lock().found[0].name, "slow");
}

fn info() -> String {
    let subject = subject::turn("slow");
    let endpoint = serde_json::json!({ "name": "turn", "subject": subject, "queue_group": "q" });
    let info = serde_json::json!({
        "type": "io.nats.micro.v1.info_response",
        "name": "slow",
        "id": "1",
        "version": "1.0.0",
        "metadata": { "switchboard": "automation" },
        "description": "Takes its time.",
        "endpoints": [endpoint],
    });
    info.to_string()
}
