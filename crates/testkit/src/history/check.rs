//! All checks, one after the other.

use super::record::{Histories, Record};
use super::violation::{Found, Violation};
use super::{answers, observers, order, stored};

/// Compares what clients saw with what is stored, once nothing is under way any more: every outbox empty, every
/// client connected and quiet. No violations: all promises held.
#[must_use]
pub fn check(record: &Record, histories: &Histories) -> Vec<Violation> {
    let mut found = Found::default();
    stored::check(record, histories, &mut found);
    order::check(record, histories, &mut found);
    observers::check(record, histories, &mut found);
    answers::check(histories, &mut found);
    found.0
}
