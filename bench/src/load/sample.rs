//! What one window of load gave.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Latencies are kept up to this many microseconds; longer ones count as this long.
const LONGEST_US: u64 = 60_000_000;
/// Digits of a latency that count.
const DIGITS: u8 = 3;

/// Latencies in microseconds.
#[derive(Debug, Clone)]
pub struct Latencies(Histogram<u64>);

impl Latencies {
    /// None yet.
    ///
    /// # Errors
    /// Never with these bounds.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self(Histogram::new_with_max(LONGEST_US, DIGITS)?))
    }

    /// Adds one.
    pub fn record(&mut self, latency: Duration) {
        let us = u64::try_from(latency.as_micros()).unwrap_or(LONGEST_US);
        self.0.saturating_record(us);
    }

    /// Adds all of another one.
    ///
    /// # Errors
    /// Never with these bounds.
    pub fn add(&mut self, other: &Self) -> anyhow::Result<()> {
        Ok(self.0.add(&other.0)?)
    }

    /// The value, in milliseconds, that this share (0 to 1) of them does not exceed.
    #[must_use]
    pub fn ms(&self, share: f64) -> f64 {
        self.0.value_at_quantile(share) as f64 / 1e3
    }

    /// How many.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }
}

/// What one window of load gave.
#[derive(Debug, Clone)]
pub struct Sample {
    /// The window.
    pub took: Duration,
    /// Messages that became both acknowledged and delivered within it.
    pub done: u64,
    /// From the (intended) send to the acknowledgement.
    pub acked: Latencies,
    /// From the (intended) send to the delivery at the other side.
    pub delivered: Latencies,
    /// Processor time within the window, by process.
    pub cpu: Vec<(String, Duration)>,
    /// Messages under way when the window began and ended.
    pub under_way: (usize, usize),
}

impl Sample {
    /// Messages per second.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.took.as_secs_f64()
    }

    /// Processor time for one message, all processes together, in microseconds.
    #[must_use]
    pub fn cpu_us(&self) -> f64 {
        self.cpu.iter().map(|(_, used)| self.each_us(*used)).sum()
    }

    /// Processor time for one message of the processes whose name begins so, in microseconds.
    #[must_use]
    pub fn cpu_us_of(&self, name: &str) -> f64 {
        self.cpu
            .iter()
            .filter(|(known, _)| known.starts_with(name))
            .map(|(_, used)| self.each_us(*used))
            .sum()
    }

    /// Processor time of all processes, as a share of one core.
    #[must_use]
    pub fn cpu_share(&self) -> f64 {
        self.cpu.iter().map(|(_, used)| used.as_secs_f64()).sum::<f64>() / self.took.as_secs_f64()
    }

    fn each_us(&self, used: Duration) -> f64 {
        used.as_secs_f64() * 1e6 / self.done.max(1) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_the_latencies_is_below() {
        let mut latencies = Latencies::new().unwrap();
        for ms in 1..=100 {
            latencies.record(Duration::from_millis(ms));
        }
        assert!((latencies.ms(0.5) - 50.0).abs() < 0.5 && (latencies.ms(0.99) - 99.0).abs() < 0.5);
        latencies.record(Duration::from_secs(3600));
        assert!(latencies.ms(1.0) > 59_000.0);
    }

    #[test]
    fn processor_time_is_shared_among_the_messages() {
        let none = Latencies::new().unwrap();
        let cpu = vec![
            ("serve".to_owned(), Duration::from_millis(600)),
            ("mariadbd".to_owned(), Duration::from_millis(300)),
        ];
        let took = Duration::from_secs(1);
        let sample =
            Sample { took, done: 100_000, acked: none.clone(), delivered: none, cpu, under_way: (0, 0) };
        assert!((sample.cpu_us() - 9.0).abs() < 1e-9 && (sample.cpu_us_of("maria") - 3.0).abs() < 1e-9);
        assert!((sample.cpu_share() - 0.9).abs() < 1e-9 && (sample.rate() - 100_000.0).abs() < 1e-6);
    }
}
