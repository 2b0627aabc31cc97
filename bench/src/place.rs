//! Who runs on which core: what is under test on the first, the load on the second.

use anyhow::{Context, bail};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

/// The core of whatever is under test, its database and bus included.
pub const TESTED: usize = 0;
/// The core of the load.
pub const LOAD: usize = 1;

/// Puts this thread, and the threads and processes that it starts from now on, on the load's core.
///
/// # Errors
/// When the machine has fewer than two cores for us.
pub fn pin_load() -> anyhow::Result<()> {
    let now = sched_getaffinity(None).context("which cores may we use?")?;
    if !now.is_set(TESTED) || !now.is_set(LOAD) {
        bail!(
            "the bench needs the cores {TESTED} and {LOAD}: what is tested and the load must not share one"
        );
    }
    pin(LOAD)
}

/// Runs `start` with this thread on the tested core: what it starts stays there.
///
/// # Errors
/// When `start` fails. A smoke run, which has not called [`pin_load`], is left where it is.
pub fn on_tested_core<T>(start: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let before = sched_getaffinity(None).context("which cores may we use?")?;
    if !is_only(&before, LOAD) {
        return start();
    }
    pin(TESTED)?;
    let started = start();
    sched_setaffinity(None, &before).context("cannot go back to the load's core")?;
    started
}

fn pin(core: usize) -> anyhow::Result<()> {
    let mut set = CpuSet::new();
    set.set(core);
    sched_setaffinity(None, &set).with_context(|| format!("cannot run on core {core}"))
}

fn is_only(set: &CpuSet, core: usize) -> bool {
    set.count() == 1 && set.is_set(core)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_started_on_the_tested_core_stays_there() {
        // In a thread of its own: the affinity is the thread's.
        let seen = std::thread::spawn(|| {
            if pin_load().is_err() {
                return None;
            }
            let inside = on_tested_core(|| {
                let child = std::thread::spawn(|| sched_getaffinity(None).unwrap());
                Ok(child.join().unwrap())
            });
            Some((inside.unwrap(), sched_getaffinity(None).unwrap()))
        });
        if let Some((inside, after)) = seen.join().unwrap() {
            assert!(is_only(&inside, TESTED) && is_only(&after, LOAD));
        }
    }
}
