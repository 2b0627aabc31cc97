//! The rules in memory.

use crate::cx::Cx;
use crate::halt::Outcome;
use crate::limits::{RULES_LOOK_AGAIN, RULES_LOOK_EVERY};
use crate::shared::Shared;
use futures_util::stream::{SelectAll, StreamExt as _};
use std::sync::Arc;
use switchboard_bus::{Bus, Subscription};
use switchboard_domain::rule::{RULES, Rule, RuleBook};
use switchboard_storage::{Error, Tx, rule};
use switchboard_wire::subject;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// Rules, and the same made ready.
#[derive(Debug, Default)]
pub(crate) struct Ready {
    rules: Vec<Rule>,
    pub(crate) book: RuleBook,
}

impl Ready {
    fn new(rules: Vec<Rule>) -> Self {
        Self { book: RuleBook::new(rules.clone()), rules }
    }
}

/// What is known of the rules; none until they were read once.
#[derive(Debug)]
pub(crate) struct Known {
    ready: watch::Sender<Arc<Ready>>,
}

impl Default for Known {
    fn default() -> Self {
        Self { ready: watch::channel(Arc::default()).0 }
    }
}

impl Known {
    /// As they were read last.
    pub(crate) fn get(&self) -> Arc<Ready> {
        Arc::clone(&self.ready.borrow())
    }

    /// For whoever waits for others.
    pub(super) fn watch(&self) -> watch::Receiver<Arc<Ready>> {
        self.ready.subscribe()
    }

    fn set(&self, rules: Vec<Rule>) {
        self.ready.send_if_modified(|ready| {
            let others = ready.rules != rules;
            if others {
                *ready = Arc::new(Ready::new(rules));
            }
            others
        });
    }
}

async fn read(tx: &mut Tx) -> Result<Vec<Rule>, Error> {
    rule::all(tx, i64::try_from(RULES).unwrap_or(i64::MAX)).await
}

/// The rules as they are in this transaction.
pub(crate) async fn now(cx: &mut Cx) -> Outcome<Arc<Ready>> {
    let rules = read(&mut cx.tx).await?;
    let known = cx.shared.rules.get();
    Ok(if known.rules == rules { known } else { Arc::new(Ready::new(rules)) })
}

/// Reads them again whenever they have changed, and every now and then.
pub(crate) async fn keep_reading(shared: Arc<Shared>, buses: Vec<Arc<dyn Bus>>) {
    loop {
        let mut told = SelectAll::new();
        for bus in &buses {
            let heard: Result<Subscription, _> = bus.subscribe(&subject::notice("rules", None), None).await;
            match heard {
                Ok(heard) => told.push(Box::pin(futures_util::stream::unfold(heard, async |mut heard| {
                    heard.next().await.map(|_| ((), heard))
                }))),
                Err(error) => tracing::debug!(%error, "changes of rules cannot be heard"),
            }
        }
        let all = told.len() == buses.len();
        loop {
            let reading = async { read(&mut shared.store.read().await?).await };
            let rest = match reading.await {
                Ok(rules) => {
                    shared.rules.set(rules);
                    RULES_LOOK_EVERY
                }
                Err(error) => {
                    tracing::debug!(%error, "rules cannot be read");
                    RULES_LOOK_AGAIN
                }
            };
            if told.is_empty() {
                sleep(rest).await;
                break;
            }
            if let Ok(None) = timeout(rest, told.next()).await {
                break;
            }
            if !all || told.len() < buses.len() {
                break;
            }
        }
    }
}
