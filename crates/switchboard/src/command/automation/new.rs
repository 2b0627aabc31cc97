//! `switchboard automation new NAME`: the files to begin an automation with.

use super::template::{File, files};
use super::{check_name, write_new};
use crate::cli::Language;
use crate::say::say;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};

/// Writes a template; nothing is written if one of its files is there.
pub fn run(name: &str, language: Language, directory: Option<PathBuf>, sdk: Option<&Path>) -> Result<()> {
    check_name(name)?;
    let sdk = match (language, sdk) {
        (Language::Rust, None) => bail!(
            "switchboard-sdk is not on crates.io: give --sdk, the folder crates/sdk of a checkout of Switchboard"
        ),
        (Language::Rust, Some(folder)) => {
            let found = std::path::absolute(folder).ok().filter(|folder| folder.join("Cargo.toml").is_file());
            found.with_context(|| {
                format!("{} holds no crate: give --sdk, the folder crates/sdk", folder.display())
            })?
        }
        (Language::Python | Language::Node, _) => PathBuf::new(),
    };
    let folder = directory.unwrap_or_else(|| PathBuf::from(name));
    let files = files(name, language, &sdk);
    if let Some(taken) = files.iter().map(|file| folder.join(file.path)).find(|path| path.exists()) {
        bail!(
            "{} is there already and is left as it is: name another folder with --directory",
            taken.display()
        );
    }
    for File { path, text } in &files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent).with_context(|| format!("cannot make {}", parent.display()))?;
        write_new(&path, text, false)?;
        say(path.display());
    }
    say(format_args!("How to run it is in {}.", folder.join("README.md").display()));
    Ok(())
}
