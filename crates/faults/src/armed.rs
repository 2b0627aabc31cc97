//! What really happens, in a program that has the feature.

use crate::plan::{Deed, Plan};
use crate::{BROKEN, FAULT_AT, Mutant, Point};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU64, Ordering};

/// Read once: the environment does not change while the program runs.
pub(crate) fn plan() -> &'static Result<Plan, String> {
    static PLAN: LazyLock<Result<Plan, String>> = LazyLock::new(|| {
        let (at, broken) = (std::env::var(FAULT_AT).ok(), std::env::var(BROKEN).ok());
        Plan::parse(at.as_deref(), broken.as_deref())
    });
    &PLAN
}

pub(crate) fn at(point: Point) {
    static PASSED: AtomicU64 = AtomicU64::new(0);
    let Ok(Plan { stop: Some(stop), .. }) = plan() else { return };
    // Exactly the one passage; what comes after a freeze goes on.
    if stop.point != point || PASSED.fetch_add(1, Ordering::Relaxed) + 1 != stop.passage {
        return;
    }
    eprintln!("switchboard: {FAULT_AT}={stop}: {}", point.text());
    match stop.deed {
        Deed::End => std::process::abort(),
        // The shell's own `kill`, because nothing here is unsafe. This thread goes no further until it has been sent.
        Deed::Freeze => drop(Command::new("/bin/sh").args(["-c", "kill -STOP $PPID"]).status()),
    }
}

pub(crate) fn broken(mutant: Mutant) -> bool {
    matches!(plan(), Ok(Plan { broken: Some(broken), .. }) if *broken == mutant)
}
