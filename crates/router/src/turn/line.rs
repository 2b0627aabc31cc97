//! Conversations whose automation has no slot free: first come, first served, and nobody waits for ever.

use std::collections::{HashMap, VecDeque};

use tokio::time::Instant;

/// The lines, one for each automation.
#[derive(Debug, Default)]
pub(super) struct Lines {
    lines: HashMap<String, VecDeque<InLine>>,
}

/// One that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct InLine {
    pub(super) conversation: String,
    /// Turns that the automation may have out, as its conversation was last told.
    pub(super) most: usize,
    /// When the automation has had its time, and people take over.
    pub(super) until: Instant,
}

impl Lines {
    /// Joins the line of an automation.
    pub(super) fn join(&mut self, automation: String, one: InLine) {
        self.lines.entry(automation).or_default().push_back(one);
    }

    /// Takes those for whom `slot` finds a place, from the front of each line.
    pub(super) fn admit<S>(&mut self, slot: impl Fn(&str, usize) -> Option<S>) -> Vec<(InLine, S)> {
        let mut admitted = Vec::new();
        for (automation, line) in &mut self.lines {
            while let Some(most) = line.front().map(|one| one.most) {
                let Some(slot) = slot(automation, most) else { break };
                admitted.extend(line.pop_front().map(|one| (one, slot)));
            }
        }
        self.lines.retain(|_, line| !line.is_empty());
        admitted
    }

    /// Takes those who waited too long.
    pub(super) fn expire(&mut self, now: Instant) -> Vec<InLine> {
        let mut expired = Vec::new();
        for line in self.lines.values_mut() {
            line.retain(|one| {
                let over = one.until <= now;
                if over {
                    expired.push(one.clone());
                }
                !over
            });
        }
        self.lines.retain(|_, line| !line.is_empty());
        expired
    }

    /// Whether nobody waits.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::time::Duration;

    #[test]
    fn first_come_first_served_and_nobody_waits_for_ever() {
        let (mut lines, start) = (Lines::default(), Instant::now());
        let one = |name: &str, s| InLine {
            conversation: name.into(),
            most: 1,
            until: start + Duration::from_secs(s),
        };
        for (name, s) in [("c1", 9), ("c2", 3), ("c3", 9)] {
            lines.join("slow".into(), one(name, s));
        }
        lines.join("stuck".into(), one("d1", 9));
        let free = Cell::new(1);
        let slot = |automation: &str, _: usize| (automation == "slow" && free.replace(0) > 0).then_some(());
        assert_eq!(lines.admit(slot), [(one("c1", 9), ())]);
        assert!(lines.admit(slot).is_empty());
        assert_eq!(lines.expire(start + Duration::from_secs(3)), [one("c2", 3)]);
        assert_eq!(lines.expire(start + Duration::from_secs(9)).len(), 2);
        assert!(lines.is_empty());
    }
}
