//! `switchboard automation …`: a built-in one as a process, or what whoever writes one needs.

mod credentials;
mod new;
mod run;
mod template;

use crate::cli::{Automation, AutomationVerb};
use crate::config::Config;
use anyhow::{Result, bail};
use std::io::Write;
use std::path::Path;
use switchboard_domain::automation::{NAME_CHARS, is_name};

/// Words of the command line that no automation can be called.
pub const VERBS: [&str; 3] = ["credentials", "help", "new"];

/// Does what was asked for.
pub async fn carry_out(config: Config, asked: Automation) -> Result<()> {
    match asked.verb {
        None => run::run(config, &asked.name.unwrap_or_default()).await,
        Some(AutomationVerb::Credentials { name, json, out }) => {
            credentials::run(&config, &name, json, out.as_deref())
        }
        Some(AutomationVerb::New { name, language, directory, sdk }) => {
            new::run(&name, language, directory, sdk.as_deref())
        }
    }
}

/// Refuses what cannot be an automation's name.
fn check_name(name: &str) -> Result<()> {
    if !is_name(name) {
        bail!("{name:?} cannot be an automation's name: use 1 to {NAME_CHARS} of a-z 0-9 _ -");
    }
    if VERBS.contains(&name) {
        bail!(
            "an automation cannot be called {name:?}, which is a word of this command line: choose another name"
        );
    }
    Ok(())
}

/// Writes a file that must not be there yet; `secret` ones are for the owner only.
fn write_new(path: &Path, text: &str, secret: bool) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = secret;
    let written = options.open(path).and_then(|mut file| file.write_all(text.as_bytes()));
    match written {
        Ok(()) => Ok(()),
        Err(problem) if problem.kind() == std::io::ErrorKind::AlreadyExists => {
            bail!("{} is there already and is left as it is: name another folder", path.display())
        }
        Err(problem) => bail!("cannot write {}: {problem}", path.display()),
    }
}
