//! How much memory a process holds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(50);

/// Watches a process until it is dropped.
#[derive(Debug)]
pub(super) struct Memory {
    pid: u32,
    peak: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
}

impl Memory {
    /// Looks at this process from a thread of its own.
    pub(super) fn watch(pid: u32) -> Self {
        let memory = Self { pid, peak: Arc::default(), stop: Arc::default() };
        let (peak, stop) = (Arc::clone(&memory.peak), Arc::clone(&memory.stop));
        std::thread::spawn(move || {
            while !stop.load(Ordering::Relaxed) {
                peak.fetch_max(resident_mib(pid), Ordering::Relaxed);
                std::thread::sleep(LOOK);
            }
        });
        memory
    }

    /// The most since it was last asked for, in MiB.
    pub(super) fn peak(&self) -> u64 {
        self.peak.swap(self.now(), Ordering::Relaxed).max(self.now())
    }

    /// Now, in MiB.
    pub(super) fn now(&self) -> u64 {
        resident_mib(self.pid)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

/// 0 when the process is gone.
fn resident_mib(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or_default() / 1024
}
