//! A small file system of a test's own, which it may fill up.

use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail, ensure};

use crate::leash;
use crate::process::find_program;
use crate::temp::TempDir;

/// What is written at a time while a volume is filled, the largest first.
const PIECES: [usize; 3] = [256 * 1024, 4 * 1024, 1];
/// The file that takes all the room.
const BALLOON: &str = "balloon";

/// Which file system it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileSystem {
    /// In memory.
    Tmpfs,
    /// On a loop device over a file.
    Ext4,
}

impl FileSystem {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Tmpfs => "tmpfs",
            Self::Ext4 => "ext4",
        }
    }
}

/// A mounted volume, unmounted on drop, and by the leash when this process dies without dropping it.
#[derive(Debug)]
pub struct Volume {
    at: PathBuf,
    _folder: TempDir,
}

impl Volume {
    /// Makes a file system of so many MiB and mounts it.
    ///
    /// # Errors
    /// When this user may not mount anything, or the system has no such file system.
    pub fn mount(kind: FileSystem, mib: u32) -> anyhow::Result<Self> {
        let folder = TempDir::new()?;
        let at = folder.join("volume");
        std::fs::create_dir(&at)?;
        match kind {
            FileSystem::Tmpfs => {
                let size = format!("size={mib}m");
                run("mount", "mount", &["-t", "tmpfs", "-o", &size, "switchboard-test"], &at)?;
            }
            FileSystem::Ext4 => {
                let image = folder.join("image");
                File::create(&image)?.set_len(u64::from(mib) << 20)?;
                run("mkfs.ext4", "e2fsprogs", &["-q", "-F", "-m", "0"], &image)?;
                let image = image.to_str().context("a path that is text")?;
                run("mount", "mount", &["-t", "ext4", "-o", "loop", image], &at)?;
            }
        }
        leash::hold_mount(&at);
        Ok(Self { at, _folder: folder })
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.at
    }

    /// Takes all the room that is left, however little; answers how many bytes that was.
    ///
    /// # Errors
    /// When writing fails in another way than for want of room.
    pub fn fill(&self) -> anyhow::Result<u64> {
        let mut balloon = OpenOptions::new().create(true).append(true).open(self.at.join(BALLOON))?;
        let before = balloon.metadata()?.len();
        for size in PIECES {
            let piece = vec![b'x'; size];
            loop {
                match balloon.write(&piece) {
                    Ok(_) => {}
                    Err(error) if error.kind() == ErrorKind::StorageFull => break,
                    Err(error) => return Err(error).context("filling a volume"),
                }
            }
        }
        // Delayed allocation might find out later that there was less.
        match balloon.sync_all() {
            Err(error) if error.kind() != ErrorKind::StorageFull => return Err(error.into()),
            _ => {}
        }
        Ok(balloon.metadata()?.len() - before)
    }

    /// Gives the room back.
    ///
    /// # Errors
    /// When the file cannot be removed.
    pub fn free(&self) -> anyhow::Result<()> {
        match std::fs::remove_file(self.at.join(BALLOON)) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Unmounts it; also what is still in use goes, as soon as it is not.
    ///
    /// # Errors
    /// When it cannot be unmounted.
    pub fn unmount(self) -> anyhow::Result<()> {
        self.take_down()
    }

    fn take_down(&self) -> anyhow::Result<()> {
        if is_mounted(&self.at)? {
            run("umount", "mount", &["-l"], &self.at)?;
        }
        ensure!(!is_mounted(&self.at)?, "{} is still mounted", self.at.display());
        leash::release_mount(&self.at);
        Ok(())
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        if let Err(error) = self.take_down() {
            // The leash tries once more at the end of this process.
            eprintln!("a volume was left behind: {error:#}");
        }
    }
}

/// Whether something is mounted there.
fn is_mounted(at: &Path) -> anyhow::Result<bool> {
    let mounts = std::fs::read_to_string("/proc/self/mounts")?;
    let at = at.to_string_lossy();
    Ok(mounts.lines().any(|line| line.split(' ').nth(1) == Some(&at)))
}

fn run(program: &str, package: &str, args: &[&str], last: &Path) -> anyhow::Result<()> {
    let out = Command::new(find_program(program, package)?).args(args).arg(last).output()?;
    if !out.status.success() {
        bail!("{program} {}: {}", last.display(), String::from_utf8_lossy(&out.stderr).trim());
    }
    Ok(())
}
