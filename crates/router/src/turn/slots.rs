//! How many turns are out: at each automation, and in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::{TURNS, TURNS_PER_AUTOMATION};

/// The slots. One automation that hangs holds its own and leaves the others theirs.
#[derive(Debug)]
pub(super) struct Slots {
    all: Arc<Semaphore>,
    each: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// The right to have one turn out at an automation.
#[derive(Debug)]
pub(super) struct Slot {
    automation: String,
    _all: OwnedSemaphorePermit,
    _one: OwnedSemaphorePermit,
}

impl Default for Slots {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(TURNS)), each: Mutex::default() }
    }
}

impl Slots {
    /// Takes a slot if one is free.
    pub(super) fn take(&self, automation: &str) -> Option<Slot> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        // Automations that have nothing out need no memory.
        if each.len() > TURNS {
            each.retain(|_, one| one.available_permits() < TURNS_PER_AUTOMATION);
        }
        let one = each
            .entry(automation.to_owned())
            .or_insert_with(|| Arc::new(Semaphore::new(TURNS_PER_AUTOMATION)));
        let one = Arc::clone(one).try_acquire_owned().ok()?;
        let all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        Some(Slot { automation: automation.to_owned(), _all: all, _one: one })
    }

    /// Turns out now.
    pub(super) fn taken(&self) -> usize {
        TURNS - self.all.available_permits()
    }
}

impl Slot {
    /// Whether the slot is one of this automation.
    pub(super) fn is_at(&self, automation: &str) -> bool {
        self.automation == automation
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_automation_leaves_the_others_theirs() {
        let slots = Slots::default();
        let held: Vec<_> = (0..TURNS_PER_AUTOMATION).map(|_| slots.take("hangs").unwrap()).collect();
        assert!(slots.take("hangs").is_none());
        assert!(slots.take("mat").is_some_and(|slot| slot.is_at("mat")));
        assert_eq!(slots.taken(), TURNS_PER_AUTOMATION);
        drop(held);
        assert!(slots.take("hangs").is_some());
        assert_eq!(slots.taken(), 0);
    }

    #[test]
    fn all_together_are_bounded() {
        let slots = Slots::default();
        let names = (0..).map(|n| format!("a{}", n / TURNS_PER_AUTOMATION));
        let held: Vec<_> = names.take(TURNS + 1).map_while(|name| slots.take(&name)).collect();
        assert_eq!(held.len(), TURNS);
        assert!(slots.take("another").is_none());
        drop(held);
        assert!(slots.take("another").is_some());
    }
}
