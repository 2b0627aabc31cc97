//! What a scenario has measured, and `docs/proof.md`, which is made of it.

use std::path::PathBuf;

use anyhow::Context;
use serde::{Deserialize, Serialize};

use crate::record::root;
use crate::scenario::{SCENARIOS, Scenario};

mod page;
mod place;

pub use page::render;

/// What one scenario has measured: a table of `docs/proof.md`, and `docs/proof/ID.json`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    /// The scenario's name.
    pub id: String,
    /// The scenario's heading.
    pub title: String,
    /// What the scenario proves, and how.
    pub about: String,
    /// The day of the run, UTC.
    pub date: String,
    /// Processor, memory, operating system and servers.
    pub machine: String,
    /// The commit, and the profile of the program under test.
    pub build: String,
    /// The table's headings.
    pub columns: Vec<String>,
    /// The table, as many cells a row as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Whether everything held.
    pub passed: bool,
    /// Whether something could not be run where this was measured.
    #[serde(default)]
    pub incomplete: bool,
    /// What else a reader should know; of a run that did not pass, what did not hold.
    pub notes: Vec<String>,
}

impl Section {
    /// An empty table in which everything has held so far. Who runs the scenario fills in the rest.
    #[must_use]
    pub fn new(columns: &[&str]) -> Self {
        let columns = columns.iter().map(|name| (*name).to_owned()).collect();
        Self { columns, passed: true, ..Self::default() }
    }

    /// One more row.
    pub fn row<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        let mut cells: Vec<String> = cells.into_iter().map(Into::into).collect();
        cells.resize(self.columns.len(), String::new());
        self.rows.push(cells);
    }

    /// Something that a reader should know.
    pub fn note(&mut self, text: impl Into<String>) {
        self.notes.push(text.into());
    }

    /// Something that cannot be run here, and why.
    pub fn not_run(&mut self, text: impl Into<String>) {
        self.incomplete = true;
        self.notes.push(format!("**Not run:** {}", text.into()));
    }

    /// Something that did not hold.
    pub fn fail(&mut self, text: impl Into<String>) {
        self.passed = false;
        self.notes.push(format!("**Did not hold:** {}", text.into()));
    }

    /// Says whose section this is, and when and where it was measured.
    ///
    /// # Errors
    /// When the day or the commit cannot be asked for.
    pub fn stamp(&mut self, scenario: &Scenario) -> anyhow::Result<()> {
        scenario.name.clone_into(&mut self.id);
        scenario.title.clone_into(&mut self.title);
        scenario.about.clone_into(&mut self.about);
        self.date = place::date()?;
        self.machine = place::machine();
        self.build = place::build()?;
        Ok(())
    }

    /// The table and the notes for a terminal.
    #[must_use]
    pub fn as_text(&self) -> String {
        let lines = std::iter::once(&self.columns).chain(&self.rows).map(|row| row.join(" | "));
        lines.chain(self.notes.iter().map(|note| format!("- {note}"))).map(|line| line + "\n").collect()
    }

    /// Writes `docs/proof/ID.json`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self) -> anyhow::Result<PathBuf> {
        let path = file(&self.id);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        std::fs::write(&path, format!("{}\n", serde_json::to_string_pretty(self)?))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Reads what a run has saved, if there was one.
    ///
    /// # Errors
    /// When there is a file that cannot be read.
    pub fn saved(id: &str) -> anyhow::Result<Option<Self>> {
        let path = file(id);
        if !path.exists() {
            return Ok(None);
        }
        let text =
            std::fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        serde_json::from_str(&text).map(Some).with_context(|| {
            format!("{} is no section: run `prove {id}` again, or take it away", path.display())
        })
    }
}

fn file(id: &str) -> PathBuf {
    root().join("docs/proof").join(format!("{id}.json"))
}

/// Where the page is.
#[must_use]
pub fn page_path() -> PathBuf {
    root().join("docs/proof.md")
}

/// `docs/proof.md` as it should be, from all that was saved.
///
/// # Errors
/// When a saved section cannot be read.
pub fn page() -> anyhow::Result<String> {
    let sections: anyhow::Result<Vec<_>> =
        SCENARIOS.iter().map(|scenario| Ok((scenario, Section::saved(scenario.name)?))).collect();
    Ok(render(&sections?))
}
