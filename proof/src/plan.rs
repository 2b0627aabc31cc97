//! How much of a scenario is to be run.

use switchboard_testkit::Shape;

/// The length of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scale {
    /// Well below a minute on a busy machine with two cores: what `make test` runs.
    Short,
    /// What `make prove` runs and `docs/proof.md` shows.
    Full,
}

/// The length of a run and what of it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The length.
    pub scale: Scale,
    /// So many cycles (rounds, cuts, …) per part instead of what the scale says.
    pub cycles: Option<usize>,
    /// Only this shape.
    pub shape: Option<Shape>,
    /// Only this part, or these, with commas between them: what a part is, the scenario says.
    pub part: Option<String>,
    /// What everything random comes from. The order in which threads and processes get to run does not, so the
    /// same seed gives the same faults and the same load, not the same run.
    pub seed: u64,
}

impl Plan {
    /// All of a scenario at this length.
    #[must_use]
    pub fn new(scale: Scale) -> Self {
        Self { scale, cycles: None, shape: None, part: None, seed: 1 }
    }

    /// So many cycles: what was asked for, or else what the scale says.
    #[must_use]
    pub fn cycles(&self, short: usize, full: usize) -> usize {
        self.cycles.unwrap_or_else(|| self.pick(short, full))
    }

    /// One value at short length, another at full.
    #[must_use]
    pub fn pick<T>(&self, short: T, full: T) -> T {
        match self.scale {
            Scale::Short => short,
            Scale::Full => full,
        }
    }

    /// Those of `shapes` that are wanted.
    #[must_use]
    pub fn shapes(&self, shapes: &[Shape]) -> Vec<Shape> {
        shapes.iter().copied().filter(|shape| self.shape.is_none_or(|only| only == *shape)).collect()
    }

    /// Whether a part of this name is wanted.
    #[must_use]
    pub fn wants(&self, part: &str) -> bool {
        self.part.as_deref().is_none_or(|only| only.split(',').any(|one| one == part))
    }

    /// Whether nothing of the scenario is left out, so that its figures may stand in `docs/proof.md`.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.scale == Scale::Full && self.cycles.is_none() && self.shape.is_none() && self.part.is_none()
    }
}
