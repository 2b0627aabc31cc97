//! The result of one benchmark, as it is kept.

use std::path::Path;

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};

use crate::benchmark::{self, Benchmark};
use crate::machine::{Machine, today};
use crate::measurement::{Measurement, Outcome};

/// What one run of one benchmark gave, when and where.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// The benchmark.
    pub id: String,
    /// What it is about.
    pub title: String,
    /// The day, `YYYY-MM-DD`.
    pub date: String,
    /// The machine.
    pub machine: Machine,
    /// What it gave.
    #[serde(flatten)]
    pub outcome: Outcome,
}

impl Record {
    /// Of a run that has just ended here.
    #[must_use]
    pub fn new(benchmark: &Benchmark, outcome: Outcome) -> Self {
        let (id, title) = (benchmark.id.to_owned(), benchmark.title.to_owned());
        Self { id, title, date: today(), machine: Machine::here(), outcome }
    }

    /// Writes it into a folder, over the result before.
    ///
    /// # Errors
    /// When a figure is none, or the folder cannot be written.
    pub fn save(&self, folder: &Path) -> anyhow::Result<()> {
        let figures = self.outcome.measurements.iter().flat_map(Measurement::figures);
        for (what, figure) in figures {
            ensure!(
                figure.is_finite(),
                "{}: {what} is {figure}: a window without a single message?",
                self.id
            );
        }
        std::fs::create_dir_all(folder)?;
        let path = folder.join(format!("{}.json", self.id));
        let text = serde_json::to_string_pretty(&self)? + "\n";
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
    }
}

/// The results of all benchmarks that were measured, in the order of the page.
///
/// # Errors
/// When one of them cannot be read.
pub fn load_all(folder: &Path) -> anyhow::Result<Vec<Record>> {
    let mut records = Vec::new();
    for benchmark in benchmark::ALL {
        let path = folder.join(format!("{}.json", benchmark.id));
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        records.push(serde_json::from_str(&text).with_context(|| path.display().to_string())?);
    }
    Ok(records)
}
