//! What processes use, by the kernel's own accounts.

use std::time::Duration;

use anyhow::Context;

/// The kernel counts processor time of processes in hundredths of a second.
const TICK: Duration = Duration::from_millis(10);

/// A process under a name that the report shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Such as `mariadbd`.
    pub name: String,
    /// Its number.
    pub pid: u32,
}

impl Counted {
    /// A process under a name.
    #[must_use]
    pub fn new(name: impl Into<String>, pid: u32) -> Self {
        Self { name: name.into(), pid }
    }
}

/// Processor time of processes since a moment.
#[derive(Debug)]
pub struct Meter {
    from: Vec<(Counted, Duration)>,
}

impl Meter {
    /// Begins now.
    ///
    /// # Errors
    /// When one of them has ended.
    pub fn start(of: &[Counted]) -> anyhow::Result<Self> {
        let from = of.iter().map(|one| Ok((one.clone(), cpu(one.pid)?))).collect::<anyhow::Result<_>>()?;
        Ok(Self { from })
    }

    /// What each has used since.
    ///
    /// # Errors
    /// When one of them has ended.
    pub fn each(&self) -> anyhow::Result<Vec<(String, Duration)>> {
        let used = |(one, before): &(Counted, Duration)| {
            Ok((one.name.clone(), cpu(one.pid)?.saturating_sub(*before)))
        };
        self.from.iter().map(used).collect()
    }

    /// What all have used since, together.
    ///
    /// # Errors
    /// When one of them has ended.
    pub fn total(&self) -> anyhow::Result<Duration> {
        Ok(self.each()?.into_iter().map(|(_, used)| used).sum())
    }
}

/// Processor time of a process so far, in user and kernel mode, all its threads.
///
/// # Errors
/// When it has ended.
pub fn cpu(pid: u32) -> anyhow::Result<Duration> {
    let path = format!("/proc/{pid}/stat");
    let stat = std::fs::read_to_string(&path).with_context(|| format!("{path}: has it ended?"))?;
    ticks(&stat).map(|ticks| TICK * ticks).with_context(|| format!("{path}: {stat}"))
}

/// Fields 14 and 15 of `/proc/PID/stat`; the name before them stands in parentheses and may hold anything.
fn ticks(stat: &str) -> Option<u32> {
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let field = |number: usize| fields.get(number - 3)?.parse::<u32>().ok();
    Some(field(14)? + field(15)?)
}

/// Resident memory of a process, in bytes.
///
/// # Errors
/// When it has ended.
pub fn resident(pid: u32) -> anyhow::Result<u64> {
    memory(pid, "VmRSS:")
}

/// The most that it has been so far, in bytes.
///
/// # Errors
/// When it has ended.
pub fn peak(pid: u32) -> anyhow::Result<u64> {
    memory(pid, "VmHWM:")
}

/// What of a process's memory is its own, in bytes: pages that it shares count in part (PSS).
///
/// # Errors
/// When it has ended, or belongs to somebody else.
pub fn proportional(pid: u32) -> anyhow::Result<u64> {
    in_kib(&format!("/proc/{pid}/smaps_rollup"), "Pss:")
}

/// Forgets the most that a process has been: from here on [`peak`] is about what comes.
///
/// # Errors
/// When it has ended, or belongs to somebody else.
pub fn forget_peak(pid: u32) -> anyhow::Result<()> {
    const PEAK: &str = "5";
    let path = format!("/proc/{pid}/clear_refs");
    std::fs::write(&path, PEAK).with_context(|| path)
}

fn memory(pid: u32, line: &str) -> anyhow::Result<u64> {
    in_kib(&format!("/proc/{pid}/status"), line)
}

fn in_kib(path: &str, line: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string(path).with_context(|| format!("{path}: has it ended?"))?;
    let found = status.lines().find_map(|text| text.strip_prefix(line));
    let kib = found.and_then(|text| text.split_whitespace().next()).and_then(|kib| kib.parse::<u64>().ok());
    Ok(kib.with_context(|| format!("{path}: no {line}"))? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_counted_behind_a_name_with_spaces_and_parentheses() {
        let stat = "7 (a ) b) S 1 2 3 4 5 6 7 8 9 10 250 50 0 0 20";
        assert_eq!(ticks(stat), Some(300));
    }

    #[test]
    fn this_process_uses_memory_and_time() {
        let own = std::process::id();
        let meter = Meter::start(&[Counted::new("own", own)]).unwrap();
        let until = std::time::Instant::now() + Duration::from_secs(20);
        while meter.total().unwrap() < TICK * 3 {
            assert!(std::time::Instant::now() < until, "no time used");
        }
        assert!(proportional(own).unwrap() > 100_000);
        forget_peak(own).unwrap();
        assert!(resident(own).unwrap() > 100_000 && peak(own).unwrap() >= resident(own).unwrap() / 2);
    }
}
