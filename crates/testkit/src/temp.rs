//! Folders that vanish with their handle.

use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::id::unique;
use crate::leash;

/// A fresh folder below the system's temporary folder, removed with everything in it on drop.
#[derive(Debug)]
pub struct TempDir {
    path: PathBuf,
}

impl TempDir {
    /// Makes the folder.
    ///
    /// # Errors
    /// When the temporary folder is not writable.
    pub fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(unique("sbt"));
        std::fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        leash::hold_folder(&path);
        Ok(Self { path })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A path inside it.
    #[must_use]
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        // A failure leaves a folder in the temporary folder, which is no reason to fail a test.
        let _ = std::fs::remove_dir_all(&self.path);
        leash::release_folder(&self.path);
    }
}
