//! What is kept of a run in which something did not hold, so that it can be found.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Writes `text` to `target/proof/NAME` and answers that path, which is one below the root. An older file of this name
/// is replaced.
///
/// # Errors
/// When it cannot be written.
pub fn keep(name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let folder = Path::new("target/proof");
    std::fs::create_dir_all(root().join(folder)).context("cannot make target/proof")?;
    let path = folder.join(name);
    std::fs::write(root().join(&path), text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
