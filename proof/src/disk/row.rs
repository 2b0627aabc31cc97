//! A row of the table: one database on one file system.

use std::time::Duration;

use switchboard_testkit::FileSystem;

use super::Kind;
use crate::figures::{Counts, middle_and_most};
use crate::report::Section;

/// What has been seen so far.
#[derive(Debug)]
pub(super) struct Row {
    kind: Kind,
    fs: FileSystem,
    fills: usize,
    counts: Counts,
    put_off: usize,
    created: usize,
    refused: usize,
    works: Vec<Duration>,
    notes: Vec<String>,
    failures: Vec<String>,
}

impl Row {
    pub(super) fn new(kind: Kind, fs: FileSystem) -> Self {
        Self {
            kind,
            fs,
            fills: 0,
            counts: Counts::default(),
            put_off: 0,
            created: 0,
            refused: 0,
            works: Vec::new(),
            notes: Vec::new(),
            failures: Vec::new(),
        }
    }

    /// Messages over a socket that were put off while the disk was full.
    pub(super) fn put_off(&mut self, count: usize) {
        self.fills += 1;
        self.put_off += count;
    }

    /// What was answered over HTTP meanwhile: 201 and 503.
    pub(super) fn answers(&mut self, (created, refused): (usize, usize)) {
        self.created += created;
        self.refused += refused;
    }

    pub(super) fn works(&mut self, took: Duration) {
        self.works.push(took);
    }

    pub(super) fn counts(&mut self, counts: Counts) {
        self.counts.add(counts);
    }

    pub(super) fn note(&mut self, what: &str) {
        if !self.notes.iter().any(|note| note == what) {
            self.notes.push(what.to_owned());
        }
    }

    pub(super) fn fail(&mut self, what: String) {
        self.failures.push(what);
    }

    pub(super) fn finish(mut self, goal: Duration, section: &mut Section) {
        self.failures.append(&mut self.counts.failures);
        if let Some(slowest) = self.works.iter().max().filter(|slowest| **slowest > goal) {
            self.failures.push(format!("{slowest:.1?} until it worked again"));
        }
        if self.fills == 0 || self.put_off == 0 || self.refused == 0 {
            self.failures.push("the full disk was not noticed by those who write".to_owned());
        }
        let held = if self.failures.is_empty() { "yes" } else { "**no**" };
        let mut cells = vec![format!("{:?}", self.kind), self.fs.name().to_owned(), self.fills.to_string()];
        cells.extend(self.counts.cells());
        cells.extend([
            self.put_off.to_string(),
            format!("{} × 201, {} × 503", self.created, self.refused),
            middle_and_most(&self.works),
            format!("{} s", goal.as_secs()),
            held.to_owned(),
        ]);
        section.row(cells);
        let name = format!("{:?} on {}", self.kind, self.fs.name());
        self.notes.iter().for_each(|note| section.note(format!("{name}: {note}.")));
        self.failures.iter().for_each(|failure| section.fail(format!("{name}: {failure}")));
    }
}
