//! A bus to test, and how to make more connections to it.

use std::sync::Arc;
use std::time::Duration;

use switchboard_bus::{Bus, Delivery, Local, Message, Nats, NatsOptions, Subscription};
use switchboard_testkit::NatsServer;
use tokio::time::timeout;

/// How long anything here may take.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// How long nothing must come.
pub const QUIET: Duration = Duration::from_millis(200);

pub enum World {
    Local(Local),
    Nats(NatsServer),
}

impl World {
    pub fn local() -> Self {
        Self::Local(Local::new())
    }

    pub fn nats() -> Self {
        Self::Nats(NatsServer::start().unwrap())
    }

    /// A connection of its own.
    pub async fn connect(&self) -> Arc<dyn Bus> {
        self.connect_with(false).await
    }

    pub async fn connect_with(&self, no_echo: bool) -> Arc<dyn Bus> {
        let bus: Arc<dyn Bus> = match self {
            Self::Local(local) => Arc::new(local.connect(no_echo)),
            Self::Nats(server) => {
                let mut options = NatsOptions::new(&server.url(), "test").unwrap();
                options.no_echo = no_echo;
                Arc::new(Nats::start(options).await.unwrap())
            }
        };
        connected(&*bus).await;
        bus
    }
}

/// Waits until the bus is connected.
pub async fn connected(bus: &dyn Bus) -> u64 {
    let mut state = bus.state();
    let state = timeout(PATIENCE, state.wait_for(|state| state.connected)).await.unwrap().unwrap();
    state.connections
}

/// Subscribes; from then on publishers cannot miss it.
pub async fn listen(bus: &dyn Bus, pattern: &str, group: Option<&str>) -> Subscription {
    bus.subscribe(pattern, group).await.unwrap()
}

pub async fn next(subscription: &mut Subscription) -> Message {
    match timeout(PATIENCE, subscription.next()).await.expect("nothing came").expect("the end came") {
        Delivery::Message(message) => message,
        other => panic!("no message: {other:?}"),
    }
}

pub async fn nothing(subscription: &mut Subscription) {
    if let Ok(delivery) = timeout(QUIET, subscription.next()).await {
        panic!("something came: {delivery:?}");
    }
}

/// The payload as text.
pub fn text(message: &Message) -> &str {
    std::str::from_utf8(&message.payload).unwrap()
}
