//! The writer's way to the commit, and how a deliberately broken build goes it: see `switchboard_faults`.

use super::entrance::Entrant;
use super::item::{By, Who};
use crate::broken::Memory;
use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;
use switchboard_domain::{Conversation, ConversationId};
use switchboard_faults::{self as faults, Mutant, Point};
use switchboard_storage::{Error, Tx};
use tokio::time::sleep;

/// How long after its acknowledgement a message is committed.
const LATE: Duration = Duration::from_millis(50);

/// Commits a batch.
pub(super) async fn commit(tx: Tx) -> Result<(), Error> {
    if faults::broken(Mutant::AckBeforeCommit) {
        tokio::spawn(async move {
            sleep(LATE).await;
            really(tx).await
        });
        return Ok(());
    }
    really(tx).await
}

async fn really(tx: Tx) -> Result<(), Error> {
    faults::at(Point::AppendCommitBefore);
    tx.commit().await?;
    faults::at(Point::AppendCommitAfter);
    Ok(())
}

/// Who writes an item.
pub(super) fn entrant(by: &By, found: Entrant) -> Entrant {
    static KNOWN: LazyLock<Memory<By, Who>> = LazyLock::new(Memory::new);
    if !faults::broken(Mutant::AuthorityCached) {
        return found;
    }
    let who = match &found {
        Entrant::Let(who) => Some(who.clone()),
        Entrant::Refused(_) | Entrant::Held => None,
    };
    KNOWN.or(by, who).map_or(found, Entrant::Let)
}

static HEADS: LazyLock<Mutex<HashMap<ConversationId, i64>>> = LazyLock::new(Mutex::default);

/// Before a number is given.
pub(super) fn number(c: &mut Conversation) {
    if faults::broken(Mutant::SeqFromMemory) {
        let heads = HEADS.lock().unwrap_or_else(PoisonError::into_inner);
        c.head = heads.get(&c.id).copied().unwrap_or_default().max(c.head);
    }
}

/// After it was given.
pub(super) fn numbered(c: &Conversation) {
    if faults::broken(Mutant::SeqFromMemory) {
        HEADS.lock().unwrap_or_else(PoisonError::into_inner).insert(c.id.clone(), c.head);
    }
}
