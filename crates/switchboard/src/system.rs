//! The real clock and the real dice; the only place that touches the ambient ones.

use switchboard_domain::{Clock, Millis, Rng};

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is where the clock comes from")]
    fn now(&self) -> Millis {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
        since.map_or(0, |d| i64::try_from(d.as_millis()).unwrap_or(i64::MAX))
    }

    /// Counts while the machine sleeps, as nobody used anything then.
    #[cfg(target_os = "linux")]
    fn elapsed(&self) -> Millis {
        let since = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
        since.tv_sec.saturating_mul(1_000).saturating_add(since.tv_nsec / 1_000_000)
    }

    #[cfg(not(target_os = "linux"))]
    fn elapsed(&self) -> Millis {
        static BEGAN: std::sync::OnceLock<std::time::Instant> = std::sync::OnceLock::new();
        let began = BEGAN.get_or_init(std::time::Instant::now);
        i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX)
    }
}

/// The operating system's randomness.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRng;

impl Rng for SystemRng {
    #[expect(clippy::disallowed_methods, reason = "this is where randomness comes from")]
    fn fill(&self, bytes: &mut [u8]) {
        if let Err(error) = getrandom::fill(bytes) {
            // Nothing sensible can be done without randomness: no secret may be predictable.
            eprintln!("switchboard: the operating system gives no randomness: {error}");
            std::process::abort();
        }
    }
}
