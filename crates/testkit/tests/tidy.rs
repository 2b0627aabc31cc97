//! Style as a test: the size of files, the arrows between the rooms, and what must not lie about.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, ensure};
use serde_json::Value;

/// No file that people write may be longer, in lines.
const CEILING: usize = 500;
/// The median length of the Rust files must not exceed this, in lines; 120 is what we aim at.
const MEDIAN: usize = 160;
/// Written by programs, whatever their length.
const GENERATED: [&str; 1] = ["schema.d.ts"];
/// Folders that hold nothing of ours.
const FOREIGN: [&str; 6] = ["target", "node_modules", "dist", ".git", ".svelte-kit", "switchboard-data"];

/// Which rooms a room may know. Arrows point downwards only.
const ARROWS: [(&str, &[&str]); 15] = [
    ("faults", &[]),
    ("domain", &[]),
    ("wire", &["domain"]),
    ("bus", &["wire", "domain", "faults"]),
    ("storage", &["domain", "faults"]),
    ("router", &["bus", "wire", "domain", "faults"]),
    ("sdk", &["bus", "wire", "domain", "faults"]),
    ("automations", &["sdk", "wire", "domain"]),
    ("outbound", &[]),
    ("hooks", &["sdk", "outbound", "bus", "wire", "domain"]),
    ("assistant", &["sdk", "outbound", "bus", "wire", "domain"]),
    ("dbmgr", &["router", "storage", "outbound", "bus", "wire", "domain", "faults"]),
    ("web", &["bus", "wire", "domain", "faults"]),
    ("testkit", &[]),
    (
        "switchboard",
        &[
            "web",
            "dbmgr",
            "assistant",
            "automations",
            "hooks",
            "outbound",
            "sdk",
            "router",
            "storage",
            "bus",
            "wire",
            "domain",
            "faults",
        ],
    ),
];

/// Which rooms may know what lies outside.
const SEAMS: [(&str, &[&str]); 5] = [
    // The bench measures the database and the bus without us as well.
    ("sqlx", &["storage", "bench"]),
    ("async-nats", &["bus", "bench"]),
    ("axum", &["web", "switchboard"]),
    ("lettre", &["dbmgr"]),
    ("jsonwebtoken", &["dbmgr"]),
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Every file below `folder` with one of these endings, with its text.
fn files(folder: &Path, endings: &[&str]) -> anyhow::Result<Vec<(PathBuf, String)>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry?.path();
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            if path.is_dir() {
                if !FOREIGN.contains(&name.as_str()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending))
                && !GENERATED.contains(&name.as_str())
            {
                let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
                found.push((path, text));
            }
        }
    }
    Ok(found)
}

fn written() -> anyhow::Result<Vec<(PathBuf, String)>> {
    files(&root(), &[".rs", ".ts", ".svelte", ".mjs", ".css", ".sql"])
}

#[test]
fn no_file_is_longer_than_the_ceiling() -> anyhow::Result<()> {
    let long: Vec<String> = written()?
        .iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > CEILING)
        .map(|(path, lines)| format!("{}: {lines} lines", path.display()))
        .collect();
    ensure!(long.is_empty(), "split these (at most {CEILING} lines):\n{}", long.join("\n"));
    Ok(())
}

#[test]
fn rust_files_are_short() -> anyhow::Result<()> {
    let mut lines: Vec<usize> =
        files(&root().join("crates"), &[".rs"])?.iter().map(|(_, text)| text.lines().count()).collect();
    ensure!(lines.len() > 50, "only {} files found: is the folder right?", lines.len());
    lines.sort_unstable();
    let median = lines[lines.len() / 2];
    ensure!(median <= MEDIAN, "the median of {} files is {median} lines", lines.len());
    Ok(())
}

#[test]
fn nothing_is_left_to_be_done_in_the_code() -> anyhow::Result<()> {
    // Put together here, so that this file does not find itself.
    let marks = [["TO", "DO"], ["FIX", "ME"], ["XX", "X"], ["HA", "CK"]].map(|parts| parts.concat());
    let macros = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let mut stray = Vec::new();
    for (path, text) in written()? {
        for (number, line) in text.lines().enumerate() {
            let words = || line.split(|c: char| !c.is_alphanumeric() && c != '_');
            let marked = marks.iter().any(|mark| words().any(|word| word == mark.as_str()));
            if marked || macros.iter().any(|name| line.contains(name.as_str())) {
                stray.push(format!("{}:{}: {}", path.display(), number + 1, line.trim()));
            }
        }
    }
    ensure!(stray.is_empty(), "finish these or open an issue:\n{}", stray.join("\n"));
    Ok(())
}

fn packages() -> anyhow::Result<BTreeMap<String, Value>> {
    let out = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(root())
        .output()?;
    ensure!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let metadata: Value = serde_json::from_slice(&out.stdout)?;
    let packages = metadata["packages"].as_array().context("no packages")?;
    let room = |package: &Value| {
        let name = package["name"].as_str().unwrap_or_default();
        (name.strip_prefix("switchboard-").unwrap_or(name).to_owned(), package.clone())
    };
    Ok(packages.iter().map(room).collect())
}

/// The dependencies of a package as (name, for the program itself and not for tests or the build).
fn dependencies(package: &Value) -> impl Iterator<Item = (String, bool)> {
    let list = package["dependencies"].as_array().cloned().unwrap_or_default();
    list.into_iter().map(|dependency| {
        let name = dependency["name"].as_str().unwrap_or_default().to_owned();
        (name, dependency["kind"].is_null())
    })
}

#[test]
fn arrows_between_the_rooms_point_downwards() -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for (room, package) in packages()? {
        // The bench and the like are no rooms; they may know everybody.
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else { continue };
        for (name, normal) in dependencies(&package) {
            let Some(other) = name.strip_prefix("switchboard-") else { continue };
            let fine = if normal {
                allowed.contains(&other)
            } else {
                other == "testkit" || allowed.contains(&other)
            };
            if !fine {
                wrong.push(format!("{room} → {other}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "not in architecture: {}", wrong.join(", "));
    Ok(())
}

#[test]
fn what_lies_outside_is_known_to_its_room_only() -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for (room, package) in packages()? {
        for (name, _) in dependencies(&package) {
            if SEAMS.iter().any(|(outside, rooms)| *outside == name && !rooms.contains(&room.as_str())) {
                wrong.push(format!("{room} → {name}"));
            }
        }
    }
    ensure!(wrong.is_empty(), "{}", wrong.join(", "));
    Ok(())
}

#[test]
fn every_room_obeys_the_lints_of_the_house() -> anyhow::Result<()> {
    let packages = packages()?;
    for (room, _) in ARROWS {
        ensure!(packages.contains_key(room), "the room {room} is missing");
    }
    for (room, package) in packages {
        let manifest = package["manifest_path"].as_str().context("no manifest")?;
        let text = std::fs::read_to_string(manifest)?;
        ensure!(text.contains("[lints]\nworkspace = true"), "{room}: no `[lints] workspace = true`");
        ensure!(package["publish"].as_array().is_some_and(Vec::is_empty), "{room} could be published");
    }
    Ok(())
}

#[test]
fn lock_files_name_no_other_place_than_the_public_registries() -> anyhow::Result<()> {
    let cargo = std::fs::read_to_string(root().join("Cargo.lock"))?;
    for line in cargo.lines().filter(|line| line.starts_with("source = ")) {
        ensure!(line == "source = \"registry+https://github.com/rust-lang/crates.io-index\"", "{line}");
    }
    let npm = std::fs::read_to_string(root().join("frontend/package-lock.json"))?;
    ensure!(
        !npm.contains("\"resolved\": \"http"),
        "package-lock.json names hosts: see omit-lockfile-registry-resolved"
    );
    Ok(())
}
