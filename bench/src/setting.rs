//! How long and how often is measured.

use std::path::PathBuf;
use std::time::Duration;

use crate::archive::Cellar;

/// Pairs (rounds) of a comparison; fewer say little about the spread.
pub const ROUNDS: usize = 5;
/// How long one contestant is measured at a time.
pub const WINDOW: Duration = Duration::from_secs(3);
/// How long it runs before that.
pub const WARM_UP: Duration = Duration::from_millis(700);
/// The length of a message, in bytes.
pub const TEXT_BYTES: usize = 200;

/// How long and how often is measured, and where results go.
#[derive(Debug, Clone)]
pub struct Setting {
    /// A smoke run: everything is exercised in seconds, and the figures mean nothing.
    pub quick: bool,
    /// Rounds; in each, every contestant is measured once.
    pub rounds: usize,
    /// How long one contestant is measured in a round.
    pub window: Duration,
    /// How long it runs before that.
    pub warm_up: Duration,
    /// The folder of the results; none to keep nothing.
    pub results: Option<PathBuf>,
    /// What is filled once for all benchmarks of a run.
    pub cellar: Cellar,
}

impl Setting {
    /// A whole run.
    #[must_use]
    pub fn full(results: PathBuf) -> Self {
        Self {
            quick: false,
            rounds: ROUNDS,
            window: WINDOW,
            warm_up: WARM_UP,
            results: Some(results),
            cellar: Cellar::default(),
        }
    }

    /// A smoke run.
    #[must_use]
    pub fn quick() -> Self {
        let (window, warm_up) = (Duration::from_millis(300), Duration::from_millis(100));
        Self { quick: true, rounds: 1, window, warm_up, results: None, cellar: Cellar::default() }
    }

    /// `full`, or in a smoke run `quick`: for sizes such as connections and rows.
    #[must_use]
    pub fn size(&self, full: usize, quick: usize) -> usize {
        if self.quick { quick } else { full }
    }
}
