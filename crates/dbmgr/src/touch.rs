//! Uses of sessions: noted by the gate, written together now and then.

use crate::limits;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use switchboard_domain::{Millis, SessionId};
use switchboard_faults::{self as faults, Point};
use switchboard_storage::session::{self, Session};
use switchboard_storage::{Error, Store};

/// Sessions whose last use is to be written.
#[derive(Debug, Default)]
pub(crate) struct Touches {
    used: Mutex<HashSet<SessionId>>,
}

impl Touches {
    /// The session was used; written when the stored use is older than a minute.
    pub(crate) fn note(&self, session: &Session, now: Millis) {
        if now - session.last_seen_at < limits::TOUCH_AFTER_MS {
            return;
        }
        let mut used = self.lock();
        if used.len() < limits::TOUCH_QUEUE {
            used.insert(session.id.clone());
        }
    }

    /// Writes what was noted.
    pub(crate) async fn write(&self, store: &Store, now: Millis) -> Result<(), Error> {
        let used: Vec<SessionId> = std::mem::take(&mut *self.lock()).into_iter().collect();
        if used.is_empty() {
            return Ok(());
        }
        let mut tx = store.write().await?;
        session::touch(&mut tx, &used, now).await?;
        faults::at(Point::TouchCommitBefore);
        tx.commit().await?;
        faults::at(Point::TouchCommitAfter);
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
