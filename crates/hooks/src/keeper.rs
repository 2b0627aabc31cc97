//! Keeps a service on the bus for every web hook that there is.

use crate::hook::Hook;
use crate::limits::{BEGIN_AGAIN, BEGIN_AGAIN_LONGEST, LOOK_AGAIN, LOOK_EVERY};
use futures_util::future::BoxFuture;
use futures_util::stream::{SelectAll, unfold};
use futures_util::{FutureExt as _, StreamExt as _};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use switchboard_bus::{Bus, BusError};
use switchboard_domain::Clock;
use switchboard_outbound::Client;
use switchboard_sdk::{RunOptions, Running, start};
use switchboard_wire::Failure;
use switchboard_wire::call::hook::HookSpec;
use switchboard_wire::subject;
use tokio::time::{Instant, sleep};

/// Asks a dbmgr which web hooks there are.
pub type List = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<HookSpec>, Failure>> + Send + Sync>;

/// What the keeper needs.
pub struct Parts {
    /// Where turns are taken.
    pub turns: Arc<dyn Bus>,
    /// Where it is told that web hooks have changed.
    pub buses: Vec<Arc<dyn Bus>>,
    /// Which there are.
    pub list: List,
    /// How they are reached.
    pub client: Client,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// A web hook that takes turns.
struct Kept {
    spec: HookSpec,
    running: Running,
}

/// Keeps them until the future is dropped; what is under way then is tried again elsewhere. What a bus refuses, as it does
/// for a moment when much is said at once, is no end: it begins again, later each time, and those that are kept go on
/// meanwhile.
pub async fn run(parts: Parts) {
    let mut kept = BTreeMap::new();
    let mut pause = BEGIN_AGAIN;
    loop {
        let began = Instant::now();
        match AssertUnwindSafe(keep_looking(&parts, &mut kept)).catch_unwind().await {
            Ok(Ok(never)) => match never {},
            Ok(Err(error)) => tracing::warn!(%error, "serving web hooks ended; it begins again"),
            Err(_) => tracing::error!("serving web hooks panicked; it begins again"),
        }
        if began.elapsed() > LOOK_EVERY {
            pause = BEGIN_AGAIN;
        }
        sleep(pause).await;
        pause = (pause * 2).min(BEGIN_AGAIN_LONGEST);
    }
}

/// Keeps them until a bus refuses something.
async fn keep_looking(parts: &Parts, kept: &mut BTreeMap<String, Kept>) -> Result<Infallible, BusError> {
    let mut changes = SelectAll::new();
    for bus in &parts.buses {
        let told = bus.subscribe(&subject::notice("hooks", None), None).await?;
        changes.push(Box::pin(unfold(told, async |mut told| told.next().await.map(|_| ((), told)))));
    }
    loop {
        let pause = match (parts.list)().await {
            Ok(wanted) => {
                keep(parts, kept, wanted).await?;
                LOOK_EVERY
            }
            Err(failure) => {
                tracing::debug!(%failure, "nobody says which web hooks there are");
                LOOK_AGAIN
            }
        };
        tokio::select! {
            Some(()) = changes.next(), if !changes.is_empty() => {}
            () = sleep(pause) => {}
        }
    }
}

/// Ends those that are gone or different, and begins those that are new. One that cannot begin keeps out no other.
async fn keep(
    parts: &Parts,
    kept: &mut BTreeMap<String, Kept>,
    wanted: Vec<HookSpec>,
) -> Result<(), BusError> {
    let stays = |name: &String, one: &Kept| wanted.iter().any(|spec| spec.name == *name && *spec == one.spec);
    let gone: Vec<String> =
        kept.iter().filter(|(name, one)| !stays(name, one)).map(|(name, _)| name.clone()).collect();
    for name in gone {
        if let Some(one) = kept.remove(&name) {
            // What it has in hand may finish; new turns go to its successor.
            tokio::spawn(one.running.drain());
        }
    }
    let mut refused = Ok(());
    for spec in wanted {
        if kept.contains_key(&spec.name) {
            continue;
        }
        let (client, clock) = (parts.client.clone(), Arc::clone(&parts.clock));
        let hook = Hook { spec: spec.clone(), client, clock };
        match start(Arc::clone(&parts.turns), hook, RunOptions::new(parts.clock.now())).await {
            Ok(running) => drop(kept.insert(spec.name.clone(), Kept { spec, running })),
            Err(error) => refused = Err(error),
        }
    }
    refused
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;
    use switchboard_bus::{BusState, Local, Message, Subject, Subscription};
    use switchboard_domain::Millis;
    use switchboard_outbound::Policy;
    use tokio::sync::watch;

    /// A bus that has no room for the first subscriptions.
    struct Crowded {
        bus: Local,
        refuses: AtomicUsize,
        refused: Mutex<Vec<String>>,
    }

    impl Crowded {
        fn new(refuses: usize) -> Arc<Self> {
            let refuses = AtomicUsize::new(refuses);
            Arc::new(Self { bus: Local::new(), refuses, refused: Mutex::default() })
        }
    }

    impl Bus for Crowded {
        fn publish(&self, message: Message) -> BoxFuture<'_, Result<(), BusError>> {
            self.bus.publish(message)
        }

        fn subscribe_bounded<'a>(
            &'a self,
            pattern: &'a str,
            group: Option<&'a str>,
            capacity: usize,
        ) -> BoxFuture<'a, Result<Subscription, BusError>> {
            let one_less = |left: usize| left.checked_sub(1);
            if self.refuses.fetch_update(Ordering::SeqCst, Ordering::SeqCst, one_less).is_ok() {
                self.refused.lock().unwrap().push(pattern.to_owned());
                return Box::pin(async { Err(BusError::Congested(Duration::ZERO)) });
            }
            self.bus.subscribe_bounded(pattern, group, capacity)
        }

        fn state(&self) -> watch::Receiver<BusState> {
            self.bus.state()
        }

        fn flush(&self, deadline: Duration) -> BoxFuture<'_, Result<(), BusError>> {
            self.bus.flush(deadline)
        }

        fn new_inbox(&self) -> Subject {
            self.bus.new_inbox()
        }
    }

    struct Still;

    impl Clock for Still {
        fn now(&self) -> Millis {
            0
        }

        fn elapsed(&self) -> Millis {
            0
        }
    }

    fn spec(name: &str) -> HookSpec {
        HookSpec {
            name: name.into(),
            title: name.into(),
            description: String::new(),
            url: "https://example.org/turns".into(),
            secrets: vec![],
        }
    }

    /// Until somebody takes the turns of an automation.
    async fn until_there(bus: &Crowded, name: &str) {
        let there = async {
            while switchboard_bus::micro::confirm(&bus.bus, name, Duration::from_millis(20))
                .await
                .unwrap()
                .is_empty()
            {
                sleep(Duration::from_millis(20)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), there).await.expect(name);
    }

    #[tokio::test]
    async fn what_a_bus_refuses_is_begun_again() {
        let (notices, turns) = (Crowded::new(1), Crowded::new(1));
        let list: List = Box::new(|| Box::pin(async { Ok(vec![spec("one"), spec("two")]) }));
        let client = Client::new(Policy::default(), &[]).unwrap();
        let (turned, told): (Arc<dyn Bus>, Arc<dyn Bus>) = (turns.clone(), notices.clone());
        let parts = Parts { turns: turned, buses: vec![told], list, client, clock: Arc::new(Still) };
        let running = tokio::spawn(run(parts));
        for name in ["two", "one"] {
            until_there(&turns, name).await;
        }
        assert_eq!((notices.refused.lock().unwrap().len(), turns.refused.lock().unwrap().len()), (1, 1));
        running.abort();
    }
}
