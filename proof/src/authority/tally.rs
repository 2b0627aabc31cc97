//! What the races of a case have shown.

use std::time::Duration;

use super::case::Case;
use super::way::BusIs;
use crate::report::Section;

/// Guarantees §3: staff sockets are closed within this.
const CLOSED: Duration = Duration::from_secs(2);

/// Counted over all rounds.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) rounds: usize,
    /// Entries of the agents that were committed before.
    pub(super) before: u64,
    /// Frames and requests sent when the deactivation was known to be committed.
    pub(super) sent_after: usize,
    /// Entries that were committed after.
    pub(super) after: u64,
    /// How long each socket stayed open.
    pub(super) closed: Vec<Duration>,
    /// What else was wrong.
    pub(super) faults: Vec<String>,
}

impl Tally {
    /// All that did not hold.
    pub(super) fn wrong(&self) -> Vec<String> {
        let mut wrong = self.faults.clone();
        if self.after > 0 {
            wrong.insert(0, format!("{} entries were committed after the deactivation", self.after));
        }
        if let Some(slow) = self.closed.iter().max().filter(|slow| **slow > CLOSED) {
            wrong.push(format!("a socket stayed open for {slow:.1?}"));
        }
        if self.before == 0 || self.sent_after == 0 {
            wrong.push(format!("no race: {} entries before, {} frames after", self.before, self.sent_after));
        }
        wrong
    }

    /// Writes the row.
    pub(super) fn finish(mut self, case: &Case, section: &mut Section) {
        let wrong = self.wrong();
        let bus = match (case.shape.is_networked(), case.bus) {
            (false, _) => "in process",
            (true, BusIs::Up) => "up",
            (true, BusIs::Killed) => "killed",
            (true, BusIs::Frozen) => "frozen",
        };
        section.row([
            case.way.text().to_owned(),
            format!("{:?}", case.shape).to_lowercase(),
            bus.to_owned(),
            self.rounds.to_string(),
            self.before.to_string(),
            self.sent_after.to_string(),
            self.after.to_string(),
            middle_and_most(&mut self.closed),
            if wrong.is_empty() { "yes" } else { "**no**" }.to_owned(),
        ]);
        for what in wrong {
            section.fail(format!("{} in {:?}, bus {bus}: {what}", case.way.text(), case.shape));
        }
    }
}

/// The median and the maximum in milliseconds.
pub(super) fn middle_and_most(times: &mut [Duration]) -> String {
    times.sort_unstable();
    match (times.get(times.len() / 2), times.last()) {
        (Some(middle), Some(most)) => format!("{} / {}", middle.as_millis(), most.as_millis()),
        _ => "–".to_owned(),
    }
}
