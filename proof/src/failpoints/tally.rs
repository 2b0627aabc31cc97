//! What was seen at each point, in all shapes together.

use std::collections::BTreeMap;

use switchboard_faults::{Deed, Point, Stop};
use switchboard_testkit::history::Kind;

use crate::load::Verdict;
use crate::report::Section;

/// What counts as lost: for whoever waits, no answer is no better.
const LOST: [Kind; 2] = [Kind::Lost, Kind::Unanswered];
/// What counts as out of order.
const OUT_OF_ORDER: [Kind; 2] = [Kind::OutOfOrder, Kind::Gap];

/// Of one point.
#[derive(Debug, Default)]
struct Tally {
    ended: usize,
    frozen: usize,
    acked: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    otherwise: usize,
}

/// Of all points.
#[derive(Debug, Default)]
pub(super) struct Tallies {
    points: BTreeMap<Point, Tally>,
    others: Vec<(&'static str, &'static str, usize)>,
    failures: Vec<String>,
}

impl Tallies {
    /// A process ended or stood still there.
    pub(super) fn struck(&mut self, stop: &Stop) {
        let tally = self.points.entry(stop.point).or_default();
        match stop.deed {
            Deed::End => tally.ended += 1,
            Deed::Freeze => tally.frozen += 1,
        }
    }

    /// What a load has shown during which these were struck. It counts for each of them.
    pub(super) fn verdict(&mut self, stops: &[Stop], verdict: &Verdict) {
        let (lost, doubled) = (verdict.count(&LOST), verdict.count(&[Kind::Doubled]));
        let out_of_order = verdict.count(&OUT_OF_ORDER);
        let mut points: Vec<Point> = stops.iter().map(|stop| stop.point).collect();
        points.dedup();
        for point in points {
            let tally = self.points.entry(point).or_default();
            tally.acked += verdict.acked;
            tally.lost += lost;
            tally.doubled += doubled;
            tally.out_of_order += out_of_order;
            tally.otherwise += verdict.violations.len() - lost - doubled - out_of_order;
        }
    }

    /// Something that was tried in a way of its own, so often.
    pub(super) fn other(&mut self, name: &'static str, when: &'static str, times: usize) {
        self.others.push((name, when, times));
    }

    /// Something did not hold.
    pub(super) fn fail(&mut self, stops: &[Stop], what: &str) {
        let names: Vec<String> = stops.iter().map(ToString::to_string).collect();
        self.failures.push(format!("{}: {what}", names.join(", ")));
    }

    /// Writes the table.
    pub(super) fn finish(self, section: &mut Section) {
        let strikes: usize = self.points.values().map(|tally| tally.ended + tally.frozen).sum();
        for (point, tally) in self.points {
            section.row([
                point.name().to_owned(),
                point.text().to_owned(),
                tally.ended.to_string(),
                tally.frozen.to_string(),
                tally.acked.to_string(),
                tally.lost.to_string(),
                tally.doubled.to_string(),
                tally.out_of_order.to_string(),
                tally.otherwise.to_string(),
            ]);
        }
        for (name, when, times) in self.others {
            section.row([name.to_owned(), when.to_owned(), times.to_string()]);
        }
        section.note(format!("{strikes} times a process was ended or frozen at a point."));
        for failure in self.failures {
            section.fail(failure);
        }
    }
}
