//! The readers of a node, by who they are.

use crate::socket::bye::Bye;
use crate::socket::reader::{Reader, Who};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use switchboard_wire::call::edge::CutOff;

/// All readers that have said hello.
#[derive(Debug, Default)]
pub(crate) struct Index {
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    visitors: HashMap<String, Vec<Arc<Reader>>>,
    agents: HashMap<u64, Arc<Reader>>,
}

impl Index {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, reader: &Arc<Reader>) {
        let mut inner = self.lock();
        match &reader.who {
            Who::Visitor { id, .. } => {
                inner.visitors.entry(id.clone()).or_default().push(Arc::clone(reader));
            }
            Who::Agent(_) => {
                inner.agents.insert(reader.id, Arc::clone(reader));
            }
        }
    }

    pub(super) fn remove(&self, reader: &Reader) {
        let mut inner = self.lock();
        match &reader.who {
            Who::Visitor { id, .. } => {
                if let Some(own) = inner.visitors.get_mut(id) {
                    own.retain(|other| other.id != reader.id);
                    if own.is_empty() {
                        inner.visitors.remove(id);
                    }
                }
            }
            Who::Agent(_) => {
                inner.agents.remove(&reader.id);
            }
        }
    }

    /// How many sockets visitors and agents have here.
    pub(crate) fn sockets(&self) -> (u64, u64) {
        let inner = self.lock();
        let count = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        (count(inner.visitors.values().map(Vec::len).sum()), count(inner.agents.len()))
    }

    /// The sockets of a visitor.
    pub(super) fn visitor(&self, id: &str) -> Vec<Arc<Reader>> {
        self.lock().visitors.get(id).cloned().unwrap_or_default()
    }

    /// Whether there are any visitors.
    pub(crate) fn has_visitors(&self) -> bool {
        !self.lock().visitors.is_empty()
    }

    /// These visitors may be here no more: their sockets end at once.
    pub(crate) fn cut_off(&self, cut_off: &CutOff) {
        let inner = self.lock();
        for reader in cut_off.visitors.iter().filter_map(|id| inner.visitors.get(id)).flatten() {
            reader.outbox.end(Bye::CUT_OFF);
        }
    }

    /// The sockets of all agents.
    pub(crate) fn agents(&self) -> Vec<Arc<Reader>> {
        self.lock().agents.values().cloned().collect()
    }

    /// The sockets of those agents.
    pub(super) fn agents_who(&self, are: impl Fn(&Reader) -> bool) -> Vec<Arc<Reader>> {
        self.lock().agents.values().filter(|agent| are(agent)).cloned().collect()
    }

    /// Whether there are any agents.
    pub(super) fn has_agents(&self) -> bool {
        !self.lock().agents.is_empty()
    }

    /// Ends every socket, each with a reason of its own.
    pub(crate) fn end_all(&self, reason: impl Fn() -> Bye) {
        let inner = self.lock();
        for reader in inner.visitors.values().flatten().chain(inner.agents.values()) {
            reader.outbox.end(reason());
        }
    }
}
