//! A wall clock that a test sets, for processes that are started with it: libfaketime, preloaded. The clock that only
//! counts goes on as it is.

use std::path::PathBuf;

use anyhow::Context;

use crate::temp::TempDir;

/// Where Debian and others keep the library, below `/usr/lib` or one of its folders.
const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// A clock for any number of processes.
#[derive(Debug)]
pub struct FakeClock {
    folder: TempDir,
    library: PathBuf,
}

impl FakeClock {
    /// A clock that is right, for now.
    ///
    /// # Errors
    /// When libfaketime is not installed.
    pub fn new() -> anyhow::Result<Self> {
        let library = library().context("libfaketime is not installed: apt-get install faketime")?;
        let clock = Self { folder: TempDir::new()?, library };
        clock.set(0)?;
        Ok(clock)
    }

    /// Sets it by so many seconds against the right time.
    ///
    /// # Errors
    /// When the file that the processes read cannot be replaced.
    pub fn set(&self, seconds: i64) -> anyhow::Result<()> {
        let next = self.folder.join("next");
        std::fs::write(&next, format!("{seconds:+}\n"))?;
        // Nobody reads half a file.
        std::fs::rename(next, self.file())?;
        Ok(())
    }

    /// The environment of a process that goes by it.
    #[must_use]
    pub fn envs(&self) -> Vec<(String, String)> {
        let text = |path: PathBuf| path.display().to_string();
        [
            ("LD_PRELOAD", text(self.library.clone())),
            ("FAKETIME_TIMESTAMP_FILE", text(self.file())),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .to_vec()
    }

    fn file(&self) -> PathBuf {
        self.folder.join("clock")
    }
}

fn library() -> Option<PathBuf> {
    let folders = ["/usr/lib", "/usr/local/lib"].into_iter().flat_map(|root| {
        let inside = std::fs::read_dir(root).into_iter().flatten().flatten().map(|entry| entry.path());
        std::iter::once(PathBuf::from(root)).chain(inside)
    });
    folders.map(|folder| folder.join(LIBRARY)).find(|file| file.is_file())
}
