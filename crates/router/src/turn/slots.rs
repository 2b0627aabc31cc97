//! How many turns are out: at each automation, and in all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limits::TURNS;

/// The slots. One automation that hangs holds its own and leaves the others theirs.
#[derive(Debug)]
pub(super) struct Slots {
    all: Arc<Semaphore>,
    /// Turns out at each automation that has any.
    each: Arc<Mutex<HashMap<String, usize>>>,
}

/// The right to have one turn out at an automation.
#[derive(Debug)]
pub(super) struct Slot {
    automation: String,
    each: Arc<Mutex<HashMap<String, usize>>>,
    _all: OwnedSemaphorePermit,
}

impl Default for Slots {
    fn default() -> Self {
        Self { all: Arc::new(Semaphore::new(TURNS)), each: Arc::default() }
    }
}

impl Slots {
    /// Takes a slot if one is free; the automation may have `most` turns out, which an admin may have changed since.
    pub(super) fn take(&self, automation: &str, most: usize) -> Option<Slot> {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        if each.get(automation).is_some_and(|out| *out >= most) {
            return None;
        }
        let all = Arc::clone(&self.all).try_acquire_owned().ok()?;
        *each.entry(automation.to_owned()).or_default() += 1;
        Some(Slot { automation: automation.to_owned(), each: Arc::clone(&self.each), _all: all })
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

impl Drop for Slot {
    fn drop(&mut self) {
        let mut each = self.each.lock().unwrap_or_else(PoisonError::into_inner);
        let left = each.get_mut(&self.automation).map_or(0, |out| {
            *out -= 1;
            *out
        });
        // Automations that have nothing out need no memory.
        if left == 0 {
            each.remove(&self.automation);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOST: usize = 64;

    #[test]
    fn a_full_automation_leaves_the_others_theirs() {
        let slots = Slots::default();
        let held: Vec<_> = (0..MOST).map(|_| slots.take("hangs", MOST).unwrap()).collect();
        assert!(slots.take("hangs", MOST).is_none());
        assert!(slots.take("mat", MOST).is_some_and(|slot| slot.is_at("mat")));
        assert_eq!(slots.taken(), MOST);
        drop(held);
        assert!(slots.take("hangs", MOST).is_some());
        assert_eq!(slots.taken(), 0);
    }

    #[test]
    fn an_admin_may_allow_more_or_less_meanwhile() {
        let slots = Slots::default();
        let first = slots.take("slow", 1).unwrap();
        assert!(slots.take("slow", 1).is_none());
        let second = slots.take("slow", 2).unwrap();
        assert!(slots.take("slow", 1).is_none());
        drop(first);
        assert!(slots.take("slow", 1).is_none(), "one is out still");
        drop(second);
        assert!(slots.take("slow", 1).is_some());
    }

    #[test]
    fn all_together_are_bounded() {
        let slots = Slots::default();
        let names = (0..).map(|n| format!("a{}", n / MOST));
        let held: Vec<_> = names.take(TURNS + 1).map_while(|name| slots.take(&name, MOST)).collect();
        assert_eq!(held.len(), TURNS);
        assert!(slots.take("another", MOST).is_none());
        drop(held);
        assert!(slots.take("another", MOST).is_some());
    }
}
