//! Figures that several scenarios want: what a verdict counts, how long acknowledgements took.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use switchboard_testkit::history::{Kind, Micros, Record};

use crate::load::{Load, Verdict};
use crate::record;

/// What counts as lost: for whoever waits, no answer is no better.
const LOST: [Kind; 2] = [Kind::Lost, Kind::Unanswered];
/// What counts as out of order.
const OUT_OF_ORDER: [Kind; 2] = [Kind::OutOfOrder, Kind::Gap];
/// Violations that are told in words.
const TOLD: usize = 5;

/// The headings of [`Counts::cells`].
pub const COUNTED: [&str; 5] = ["acked", "lost", "doubled", "out of order", "otherwise wrong"];

/// What a load has come to.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    /// Messages and notes acknowledged.
    pub acked: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
    otherwise: usize,
    /// What did not hold, in words.
    pub failures: Vec<String>,
}

impl Counts {
    /// Counts what a load has come to. What did not hold is kept in `target/proof/NAME.json`.
    ///
    /// # Errors
    /// When that cannot be written.
    pub fn of(verdict: &Verdict, name: &str) -> anyhow::Result<Self> {
        let (lost, doubled) = (verdict.count(&LOST), verdict.count(&[Kind::Doubled]));
        let out_of_order = verdict.count(&OUT_OF_ORDER);
        let all = verdict.violations.len();
        let mut counts = Self {
            acked: verdict.acked,
            lost,
            doubled,
            out_of_order,
            otherwise: all - lost - doubled - out_of_order,
            failures: Vec::new(),
        };
        if all > 0 {
            let kept = record::keep(&format!("{name}.json"), &serde_json::to_string_pretty(verdict)?)?;
            let first: Vec<String> = verdict.violations.iter().take(TOLD).map(ToString::to_string).collect();
            counts.failures.push(format!(
                "{all} violations, all of them in {}: {}",
                kept.display(),
                first.join("; ")
            ));
        }
        Ok(counts)
    }

    /// Adds what another load has come to.
    pub fn add(&mut self, other: Self) {
        self.acked += other.acked;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.out_of_order += other.out_of_order;
        self.otherwise += other.otherwise;
        self.failures.extend(other.failures);
    }

    /// The cells under [`COUNTED`].
    #[must_use]
    pub fn cells(&self) -> [String; 5] {
        [self.acked, self.lost, self.doubled, self.out_of_order, self.otherwise]
            .map(|count| count.to_string())
    }
}

/// Stops a load and counts what it has come to; what it had seen is kept when it does not come to rest.
///
/// # Errors
/// When it does not.
pub async fn settle(load: Load, name: &str) -> anyhow::Result<(Counts, Record)> {
    let recorder = load.recorder();
    match Box::pin(load.settle()).await {
        Ok(verdict) => Ok((Counts::of(&verdict, name)?, verdict.record)),
        Err(error) => {
            let seen = serde_json::to_string_pretty(&recorder.so_far())?;
            let kept = record::keep(&format!("{name}.json"), &seen)?;
            Err(error.context(format!("record kept in {}", kept.display())))
        }
    }
}

/// How long the first acknowledgement of each message took that was first sent within `when`.
#[must_use]
pub fn latencies(record: &Record, when: &Range<Micros>) -> Vec<Duration> {
    let mut acked: HashMap<&str, Micros> = HashMap::new();
    for ack in &record.acks {
        let first = acked.entry(&ack.id).or_insert(ack.received);
        *first = (*first).min(ack.received);
    }
    let sent = record.attempts.iter().filter(|attempt| when.contains(&attempt.sent));
    let took = sent.filter_map(|attempt| {
        let received = acked.get(attempt.id.as_str())?;
        Some(Duration::from_micros(received.saturating_sub(attempt.sent)))
    });
    let mut took: Vec<Duration> = took.collect();
    took.sort_unstable();
    took
}

/// The value below which so large a share of sorted values lies.
#[must_use]
pub fn quantile(sorted: &[Duration], share: f64) -> Duration {
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.clamp(1, sorted.len().max(1)) - 1).copied().unwrap_or_default()
}

/// The median and the maximum, in milliseconds; a dash when there is none.
#[must_use]
pub fn middle_and_most(times: &[Duration]) -> String {
    let mut times = times.to_vec();
    times.sort_unstable();
    match times.last() {
        Some(most) => format!("{} / {}", quantile(&times, 0.5).as_millis(), most.as_millis()),
        None => "–".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_values_that_were_measured() {
        let hundred: Vec<Duration> = (1..=100).map(Duration::from_millis).collect();
        let of = |share| quantile(&hundred, share).as_millis();
        assert_eq!((of(0.5), of(0.99), of(1.0), of(0.0)), (50, 99, 100, 1));
        assert_eq!(quantile(&[], 0.5), Duration::ZERO);
        assert_eq!(middle_and_most(&hundred), "50 / 100");
        assert_eq!(middle_and_most(&[]), "–");
    }
}
