//! Programs that announce themselves are found.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::Bus;
use switchboard_bus::micro::{Endpoint, MicroService};
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
