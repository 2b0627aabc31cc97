//! Volumes are as small as they are said to be, and go away whatever happens.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use switchboard_testkit::{FileSystem, Process, Volume, wait};

const SOON: Duration = Duration::from_secs(10);
const KINDS: [FileSystem; 2] = [FileSystem::Tmpfs, FileSystem::Ext4];

/// None, with a line that says so, where this user may not mount anything.
fn volume(kind: FileSystem) -> Option<Volume> {
    match Volume::mount(kind, 16) {
        Ok(volume) => Some(volume),
        Err(error) => {
            println!("not run: {error:#}");
            None
        }
    }
}

fn is_mounted(path: &Path) -> bool {
    std::fs::read_to_string("/proc/self/mounts").unwrap_or_default().contains(&*path.to_string_lossy())
}

#[test]
fn a_full_volume_takes_nothing_until_there_is_room_again() -> anyhow::Result<()> {
    for kind in KINDS {
        let Some(volume) = volume(kind) else { continue };
        let file = volume.path().join("file");
        std::fs::write(&file, [1; 100_000])?;
        let taken = volume.fill()?;
        ensure!((4 << 20..16 << 20).contains(&taken), "{} MiB were free", taken >> 20);
        let refused = std::fs::write(volume.path().join("another"), [2; 100_000]);
        let kind_of = refused.err().map(|error| error.kind());
        ensure!(kind_of == Some(ErrorKind::StorageFull), "{kind_of:?}");
        volume.free()?;
        std::fs::write(volume.path().join("another"), [2; 100_000])?;
        ensure!(std::fs::read(&file)? == [1; 100_000]);
        let path = volume.path().to_owned();
        volume.unmount()?;
        ensure!(!is_mounted(&path) && !path.exists(), "{} is still there", path.display());
    }
    Ok(())
}

/// Not a test of its own: what the next one starts and kills.
#[test]
#[ignore = "run by a_killed_test_leaves_no_volume"]
fn holds_a_volume_for_ever() {
    let volume = volume(FileSystem::Tmpfs);
    println!(
        "held {}",
        volume.as_ref().map(|volume| volume.path().display().to_string()).unwrap_or_default()
    );
    std::thread::sleep(Duration::from_secs(600));
}

#[test]
fn a_killed_test_leaves_no_volume() -> anyhow::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["--ignored", "--exact", "holds_a_volume_for_ever", "--nocapture"]);
    let mut test = Process::spawn("a test that is killed", &mut command)?;
    let path = test.wait_for_line(SOON, |line| Some(line.split("held ").nth(1)?.to_owned()))?;
    test.kill()?;
    let path = Path::new(&path);
    if path.as_os_str().is_empty() {
        return Ok(());
    }
    wait::until_blocking("the leash", SOON, || !is_mounted(path) && !path.exists())
}
