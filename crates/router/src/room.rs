//! What all parts of the router share.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use switchboard_bus::{Bus, Message};
use switchboard_domain::{Clock, Rng};
use switchboard_wire::notice::Notice;
use tokio::sync::Notify;

use crate::Links;
use crate::calls::Outward;
use crate::index::Unindexed;
use crate::presence::Leases;

/// What all parts of the router share.
pub(crate) struct Room<C> {
    pub(crate) calls: Arc<C>,
    pub(crate) notices: Vec<Arc<dyn Bus>>,
    pub(crate) automations: Arc<dyn Bus>,
    pub(crate) outward: Arc<dyn Outward>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) unindexed: Unindexed,
    leases: Mutex<Leases>,
    titles: Mutex<HashMap<String, String>>,
    board: Notify,
    waiting: AtomicBool,
}

impl<C> Room<C> {
    pub(crate) fn new(links: &Links<C>, clock: Arc<dyn Clock>, rng: Arc<dyn Rng>) -> Self {
        Self {
            calls: Arc::clone(&links.calls),
            notices: links.notices.clone(),
            automations: Arc::clone(&links.automations),
            outward: Arc::clone(&links.outward),
            clock,
            rng,
            unindexed: Unindexed::default(),
            leases: Mutex::default(),
            titles: Mutex::default(),
            board: Notify::new(),
            // Until the board was read.
            waiting: AtomicBool::new(true),
        }
    }

    /// Who has a console open. Held for a moment only.
    pub(crate) fn leases(&self) -> MutexGuard<'_, Leases> {
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What people read for an automation, where discovery found it; its name otherwise.
    pub(crate) fn title(&self, automation: &str) -> String {
        let titles = self.titles.lock().unwrap_or_else(PoisonError::into_inner);
        titles.get(automation).map_or(automation, String::as_str).to_owned()
    }

    /// Replaces the titles.
    pub(crate) fn set_titles(&self, titles: HashMap<String, String>) {
        *self.titles.lock().unwrap_or_else(PoisonError::into_inner) = titles;
    }

    /// The board may have changed; read it soon. Several hints at once are one.
    pub(crate) fn look_at_board(&self) {
        self.board.notify_one();
    }

    /// Waits for [`Room::look_at_board`].
    pub(crate) async fn board_changed(&self) {
        self.board.notified().await;
    }

    /// Whether conversations waited when the board was last read; otherwise only a new one matters.
    pub(crate) fn anybody_waits(&self) -> bool {
        self.waiting.load(Ordering::Relaxed)
    }

    pub(crate) fn set_anybody_waits(&self, waits: bool) {
        self.waiting.store(waits, Ordering::Relaxed);
    }

    /// Publishes a notice on every bus; a hint, so a bus that is away misses it.
    pub(crate) async fn tell(&self, notice: &Notice) {
        let envelope = notice.encode();
        for bus in &self.notices {
            let mut message = Message::new(envelope.subject.as_str(), envelope.payload.clone());
            for (name, value) in &envelope.headers {
                message = message.header(*name, value.as_str());
            }
            if let Err(problem) = bus.publish(message).await {
                tracing::debug!(%problem, subject = envelope.subject, "a hint was not told");
            }
        }
    }
}
