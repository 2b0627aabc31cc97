//! What makes sure that nothing stays behind when a test process dies without running its destructors.
//!
//! One small shell per test process reads the list of live children and folders from a pipe. When the pipe ends,
//! because the test process has ended in whatever way, it kills and removes what is still listed.

use std::collections::BTreeSet;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};

/// Reads `PIDS|MOUNTS|FOLDERS` lines; acts on the last one when the pipe ends.
const SCRIPT: &str = r#"
trap '' INT TERM HUP
pids= mounts= folders=
while IFS='|' read -r p m f; do pids=$p mounts=$m folders=$f; done
[ -n "$pids" ] && kill -9 $pids 2>/dev/null
[ -n "$mounts" ] && PATH=$PATH:/usr/sbin:/sbin umount -l $mounts 2>/dev/null
[ -n "$folders" ] && rm -rf $folders
exit 0
"#;

#[derive(Debug, Default)]
struct Held {
    pids: BTreeSet<u32>,
    mounts: BTreeSet<PathBuf>,
    folders: BTreeSet<PathBuf>,
    shell: Option<Child>,
}

fn held() -> &'static Mutex<Held> {
    static HELD: OnceLock<Mutex<Held>> = OnceLock::new();
    HELD.get_or_init(Mutex::default)
}

fn change(edit: impl FnOnce(&mut Held)) {
    let mut held = held().lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if held.shell.is_none() {
        // Its own process group: an interrupt typed at the terminal must not end it before it has cleaned up.
        held.shell = Command::new("/bin/sh")
            .args(["-c", SCRIPT])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .ok();
    }
    edit(&mut held);
    let pids: Vec<String> = held.pids.iter().map(u32::to_string).collect();
    let line = format!("{}|{}|{}\n", pids.join(" "), listed(&held.mounts), listed(&held.folders));
    if let Some(stdin) = held.shell.as_mut().and_then(|shell| shell.stdin.as_mut()) {
        // The leash is a safety net only: without it, drop still cleans up.
        let _ = stdin.write_all(line.as_bytes());
    }
}

/// The shell splits at white space; such a path is merely left behind after a crash.
fn listed(paths: &BTreeSet<PathBuf>) -> String {
    let paths = paths.iter().map(|path| path.display().to_string());
    paths.filter(|path| !path.contains(char::is_whitespace)).collect::<Vec<_>>().join(" ")
}

/// Kills the process `pid` when this process dies.
pub fn hold_process(pid: u32) {
    change(|held| {
        held.pids.insert(pid);
    });
}

/// Forgets a process that has ended.
pub fn release_process(pid: u32) {
    change(|held| {
        held.pids.remove(&pid);
    });
}

/// Unmounts what is mounted at `path` when this process dies, before folders are removed.
pub fn hold_mount(path: &Path) {
    change(|held| {
        held.mounts.insert(path.to_owned());
    });
}

/// Forgets a mount that is gone.
pub fn release_mount(path: &Path) {
    change(|held| {
        held.mounts.remove(path);
    });
}

/// Removes the folder when this process dies.
pub fn hold_folder(path: &Path) {
    change(|held| {
        held.folders.insert(path.to_owned());
    });
}

/// Forgets a folder that is gone.
pub fn release_folder(path: &Path) {
    change(|held| {
        held.folders.remove(path);
    });
}
