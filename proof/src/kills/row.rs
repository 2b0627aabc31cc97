//! A row of the table: one part in one shape.

use std::path::Path;
use std::time::Duration;

use switchboard_testkit::Shape;
use switchboard_testkit::history::Kind;

use super::cycle::Seen;
use super::fault::Fault;
use super::part::Part;
use crate::load::Verdict;
use crate::plan::Scale;
use crate::report::Section;

/// How long the longest fault lasts; nobody may wait longer than this and the time until it works again.
const LONGEST_FAULT: Duration = Duration::from_secs(3);
/// What counts as lost: for whoever waits, no answer is no better.
const LOST: [Kind; 2] = [Kind::Lost, Kind::Unanswered];
/// What counts as out of order.
const OUT_OF_ORDER: [Kind; 2] = [Kind::OutOfOrder, Kind::Gap];
/// Violations that are told in words.
const TOLD: usize = 5;

/// What has been counted so far.
#[derive(Debug)]
pub(super) struct Row {
    part: Part,
    shape: Shape,
    faults: Vec<Fault>,
    acked: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    otherwise: usize,
    recoveries: Vec<Duration>,
    waits: Vec<Duration>,
    elsewhere: Vec<Duration>,
    failures: Vec<String>,
}

impl Row {
    pub(super) fn new(part: Part, shape: Shape) -> Self {
        Self {
            part,
            shape,
            faults: Vec::new(),
            acked: 0,
            lost: 0,
            doubled: 0,
            out_of_order: 0,
            otherwise: 0,
            recoveries: Vec::new(),
            waits: Vec::new(),
            elsewhere: Vec::new(),
            failures: Vec::new(),
        }
    }

    pub(super) fn cycle(&mut self, fault: Fault, seen: &Seen) {
        self.faults.push(fault);
        self.recoveries.push(seen.recovery);
        self.elsewhere.extend(seen.elsewhere);
    }

    pub(super) fn verdict(&mut self, verdict: &Verdict) {
        let (lost, doubled) = (verdict.count(&LOST), verdict.count(&[Kind::Doubled]));
        let out_of_order = verdict.count(&OUT_OF_ORDER);
        self.acked += verdict.acked;
        self.waits.extend(verdict.record.waits());
        self.lost += lost;
        self.doubled += doubled;
        self.out_of_order += out_of_order;
        self.otherwise += verdict.violations.len() - lost - doubled - out_of_order;
    }

    pub(super) fn fail(&mut self, what: String) {
        self.failures.push(what);
    }

    /// Writes the row into the table, and what did not hold below it.
    pub(super) fn finish(mut self, scale: Scale, section: &mut Section) {
        let goal = self.part.goal() * super::slack(scale);
        if let Some(slowest) =
            self.recoveries.iter().chain(&self.elsewhere).max().filter(|slow| **slow > goal)
        {
            self.failures.push(format!("{slowest:.1?} until it worked again"));
        }
        let patience = (self.part.goal() + LONGEST_FAULT) * super::slack(scale);
        if let Some(slowest) = self.waits.iter().max().filter(|slowest| **slowest > patience) {
            self.failures.push(format!("somebody waited {slowest:.1?} for an acknowledgement"));
        }
        let held = self.failures.is_empty();
        let count = |fault| self.faults.iter().filter(|other| **other == fault).count();
        let faults = [(Fault::Kill, "kill"), (Fault::Freeze, "freeze"), (Fault::Restart, "restart")]
            .map(|(fault, name)| (count(fault), name))
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, name)| format!("{count} {name}"))
            .collect::<Vec<_>>();
        section.row([
            self.part.name().to_owned(),
            format!("{:?}", self.shape).to_lowercase(),
            faults.join(", "),
            self.faults.len().to_string(),
            self.acked.to_string(),
            self.lost.to_string(),
            self.doubled.to_string(),
            self.out_of_order.to_string(),
            self.otherwise.to_string(),
            middle_and_most(&mut self.recoveries),
            format!("{} s", goal.as_secs()),
            middle_and_most(&mut self.elsewhere),
            middle_and_most(&mut self.waits),
            if held { "yes" } else { "**no**" }.to_owned(),
        ]);
        for failure in self.failures {
            section.fail(format!("{} in {:?}: {failure}", self.part.name(), self.shape));
        }
    }
}

/// The median and the maximum in milliseconds.
fn middle_and_most(times: &mut [Duration]) -> String {
    times.sort_unstable();
    match (times.get(times.len() / 2), times.last()) {
        (Some(middle), Some(most)) => format!("{} / {}", middle.as_millis(), most.as_millis()),
        _ => "–".to_owned(),
    }
}

/// The first violations in words, and where the rest is.
pub(super) fn told(verdict: &Verdict, kept: &Path) -> String {
    let first: Vec<String> = verdict.violations.iter().take(TOLD).map(ToString::to_string).collect();
    format!(
        "{} violations, all of them in {}: {}",
        verdict.violations.len(),
        kept.display(),
        first.join("; ")
    )
}
