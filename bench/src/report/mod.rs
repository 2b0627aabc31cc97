//! From results to a page.

pub mod page;
pub mod plot;
pub mod record;

use std::path::Path;

use anyhow::Context;

/// Where the results are, below the root of the repository.
pub const FOLDER: &str = "docs/performance";
/// The page made from them.
pub const PAGE: &str = "docs/performance.md";
/// What people add: why a goal is missed, by benchmark.
pub const CAUSES: &str = "docs/performance/causes.toml";

/// Every file of the page, as it should be: its path below the root and its text.
///
/// # Errors
/// When a result cannot be read.
pub fn render(root: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let records = record::load_all(&root.join(FOLDER))?;
    let causes = std::fs::read_to_string(root.join(CAUSES)).unwrap_or_default();
    let causes = toml::from_str(&causes).context(CAUSES)?;
    let drawings = plot::draw(&records)?;
    let names: Vec<&str> = drawings.iter().map(|drawing| drawing.file.as_str()).collect();
    let mut files = vec![(PAGE.to_owned(), page::render(&records, &causes, &names))];
    files.extend(drawings.iter().map(|drawing| (format!("{FOLDER}/{}", drawing.file), drawing.svg.clone())));
    Ok(files)
}

/// Writes the page.
///
/// # Errors
/// When a result cannot be read, or the page cannot be written.
pub fn write(root: &Path) -> anyhow::Result<()> {
    for (path, text) in render(root)? {
        std::fs::write(root.join(&path), text).with_context(|| format!("cannot write {path}"))?;
        eprintln!("{path}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_fits_the_results() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for (path, text) in render(&root).unwrap() {
            let there = std::fs::read_to_string(root.join(&path)).unwrap_or_default();
            assert!(there == text, "{path} does not fit the results: make bench-report, and commit it");
        }
    }
}
