//! Telling servers outside what has happened: signed requests out of a queue in the database.
//!
//! The queue is filled from the log, so that a message costs nothing more and none is lost: whatever is committed is in
//! the log, which is numbered, and how far it has been noted is found again from what is noted (`fill.rs`). What has no
//! entry is noted in the transaction in which it happens (`note.rs`), and held until its conversation is noted up to it.
//! One task for each server sends what is due, in order within each conversation (`send.rs`). All of that runs beside the
//! router, in the process that holds its lock; a successor finds everything in the database.

mod body;
mod fill;
mod note;
mod send;

pub(crate) use body::conversation;
pub(crate) use note::{happened, send_to, tell};
pub(crate) use send::signed;

use crate::authority::Authority;
use crate::cx::Cx;
use crate::gate::Mode;
use crate::halt::Outcome;
use crate::limits::{
    TELL_LOOK_AGAIN, TELL_LOOK_EVERY, TELL_PAUSE, TELL_SCAN_EVERY, TELL_SWEEP_EVERY, TELL_TRIES,
    TELL_TRIES_SAID, WEBHOOKS,
};
use crate::run::transact;
use crate::shared::Shared;
use fill::Filler;
use futures_util::future::BoxFuture;
use futures_util::stream::{BoxStream, SelectAll, StreamExt as _, unfold};
use send::Senders;
use std::collections::HashMap;
use std::sync::Arc;
use switchboard_bus::{Bus, BusError, Delivery};
use switchboard_domain::ConversationId;
use switchboard_outbound::Client;
use switchboard_storage::webhook::{self, Webhook};
use switchboard_wire::call::Access;
use switchboard_wire::notice::Notice;
use switchboard_wire::{Credential, Failure, subject};
use tokio::time::{Instant, sleep, timeout};

/// What notices say.
enum Heard {
    /// A log has grown: which, and to where.
    Grown(ConversationId, i64),
    /// Web hooks are not what they were.
    Hooks,
    /// Something is held, or was not heard: it is to be looked for.
    Lost,
}

type Ears = SelectAll<BoxStream<'static, Heard>>;

/// Tells them for ever.
pub(crate) async fn run(shared: Arc<Shared>, buses: Vec<Arc<dyn Bus>>, client: Client) {
    let mut office = Office {
        filler: Filler::new(Arc::clone(&shared)),
        senders: Senders::new(Arc::clone(&shared), client),
        shared,
        buses,
        grown: HashMap::new(),
        lost: true,
        failures: 0,
        swept: None,
    };
    loop {
        if let Err(error) = office.serve().await {
            tracing::debug!(%error, "what happens cannot be heard");
        }
        sleep(TELL_LOOK_AGAIN).await;
    }
}

struct Office {
    shared: Arc<Shared>,
    buses: Vec<Arc<dyn Bus>>,
    filler: Filler,
    senders: Senders,
    /// Logs that have grown, and the first new place in them.
    grown: HashMap<ConversationId, i64>,
    /// What has grown is not known: everything is to be looked at.
    lost: bool,
    /// How often in a row what happens could not be noted.
    failures: u32,
    /// When what is past its time was forgotten last while nobody was told anything.
    swept: Option<Instant>,
}

impl Office {
    /// Until a bus ends.
    async fn serve(&mut self) -> Result<(), BusError> {
        let mut changes = self.listen(&subject::notice("hooks", None)).await?;
        changes.push(self.listen(&subject::notice("deliveries", None)).await?.boxed());
        let mut entries = None;
        loop {
            let Some(hooks) = self.look().await else {
                sleep(TELL_LOOK_AGAIN).await;
                continue;
            };
            self.senders.keep(&hooks);
            if hooks.is_empty() {
                // Nobody is told anything: nothing is heard, nothing is read.
                entries = None;
                if self.swept.is_none_or(|at| at.elapsed() > TELL_SWEEP_EVERY) {
                    self.swept = Some(Instant::now());
                    if let Err(error) = self.filler.sweep().await {
                        tracing::debug!(?error, "old deliveries could not be forgotten");
                    }
                }
                if let Ok(None) = timeout(TELL_LOOK_EVERY, changes.next()).await {
                    return Ok(());
                }
                continue;
            }
            let heard = match entries {
                Some(ref mut heard) => heard,
                None => {
                    self.lost = true;
                    entries.insert(self.listen(&format!("{}.*", subject::notice("entry", None))).await?)
                }
            };
            self.tell(&hooks, &mut changes, heard).await;
        }
    }

    /// Notes and sends until it is to be looked again who is told what.
    async fn tell(&mut self, hooks: &[Webhook], changes: &mut Ears, entries: &mut Ears) {
        let look_at = Instant::now() + TELL_LOOK_EVERY;
        let mut scan_at = Instant::now();
        self.lost |= self.filler.tells(hooks);
        loop {
            let now = Instant::now();
            let scan = self.lost || now >= scan_at;
            if scan || !self.grown.is_empty() {
                let grown = std::mem::take(&mut self.grown);
                match self.filler.fill(hooks, &grown, scan).await {
                    Ok(more) => {
                        self.lost = more;
                        self.failures = 0;
                    }
                    Err(error) => {
                        self.failures = self.failures.wrapping_add(1);
                        if is_said(self.failures) {
                            let times = self.failures;
                            tracing::warn!(
                                ?error,
                                times,
                                "what happens cannot be noted for web hooks; it is tried again"
                            );
                        }
                        self.filler.forget();
                        self.lost = true;
                        sleep(TELL_LOOK_AGAIN).await;
                    }
                }
                if self.failures > 0 {
                    // After the pause that was made already.
                    scan_at = Instant::now();
                } else if scan {
                    scan_at = Instant::now() + TELL_SCAN_EVERY;
                }
                self.senders.wake();
            }
            let next = scan_at.min(look_at);
            let heard = tokio::select! {
                Some(heard) = changes.next(), if !changes.is_empty() => heard,
                Some(heard) = entries.next(), if !entries.is_empty() => heard,
                () = tokio::time::sleep_until(next) => {
                    if Instant::now() >= look_at { return }
                    continue;
                }
            };
            self.heard(heard);
            // Those that come together are noted together.
            let soon = Instant::now() + TELL_PAUSE;
            let mut changed = self.senders.is_stale();
            while let Ok(more) = tokio::time::timeout_at(soon, async {
                tokio::select! {
                    Some(heard) = changes.next(), if !changes.is_empty() => Some(heard),
                    Some(heard) = entries.next(), if !entries.is_empty() => Some(heard),
                    else => None,
                }
            })
            .await
            {
                let Some(more) = more else { break };
                self.heard(more);
                changed |= self.senders.is_stale();
            }
            if changed {
                // What has been heard so far is noted by the next look, for those who are told then.
                return;
            }
        }
    }

    fn heard(&mut self, heard: Heard) {
        match heard {
            Heard::Grown(conversation, seq) => {
                let first = self.grown.entry(conversation).or_insert(seq);
                *first = seq.min(*first);
            }
            Heard::Hooks => {
                self.senders.stale();
                self.lost = true;
            }
            Heard::Lost => self.lost = true,
        }
    }

    /// Who is to be told something; `None` when nobody says.
    async fn look(&self) -> Option<Vec<Webhook>> {
        let reading = async {
            let mut tx = self.shared.store.read().await?;
            webhook::list(&mut tx, WEBHOOKS).await
        };
        match reading.await {
            Ok(all) => Some(all.into_iter().filter(|hook| hook.active).collect()),
            Err(error) => {
                tracing::debug!(%error, "nobody says who is told what");
                None
            }
        }
    }

    async fn listen(&self, pattern: &str) -> Result<Ears, BusError> {
        let mut ears = SelectAll::new();
        for bus in &self.buses {
            let told = bus.subscribe(pattern, None).await?;
            let heard = unfold(told, async |mut told| {
                let delivery = told.next().await?;
                let heard = match delivery {
                    Delivery::Lagged(_) | Delivery::Reconnected => Heard::Lost,
                    Delivery::Message(message) => {
                        let header = |name: &str| message.headers.get(name);
                        match Notice::decode(&message.subject, header, &message.payload) {
                            Ok(Notice::Entry(entry)) => Heard::Grown(entry.conversation, entry.seq),
                            Ok(Notice::Hooks(_)) => Heard::Hooks,
                            _ => Heard::Lost,
                        }
                    }
                };
                Some((heard, told))
            });
            ears.push(heard.boxed());
        }
        Ok(ears)
    }
}

/// Whether this failure in a row is said aloud: the first ones mend themselves, and the rest is not said all the time.
fn is_said(failures: u32) -> bool {
    failures % TELL_TRIES_SAID == TELL_TRIES
}

/// Runs `work` in a transaction of our own, and tells what it has to tell.
pub(crate) async fn write<T, F>(shared: &Arc<Shared>, work: F) -> Result<T, Failure>
where
    F: for<'a> Fn(&'a mut Cx) -> BoxFuture<'a, Outcome<T>> + Send + Sync,
    T: Send + 'static,
{
    let us = Authority::Bus(Credential::Component);
    transact(shared, &us, ("cmd.tell", Access::COMPONENT), Mode::Write, |_, cx| work(cx)).await
}
