//! What is kept of a run in which something did not hold, so that it can be found.

use std::path::{Path, PathBuf};

use anyhow::Context;

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// Writes `text` to `target/proof/NAME` and answers the path. An older file of this name is replaced.
///
/// # Errors
/// When it cannot be written.
pub fn keep(name: &str, text: &str) -> anyhow::Result<PathBuf> {
    let folder = root().join("target/proof");
    std::fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let path = folder.join(name);
    std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
