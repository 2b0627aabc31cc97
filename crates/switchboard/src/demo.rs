//! `--demo`: three people to try it with.

use crate::config::Config;
use crate::say::say;
use anyhow::{Result, ensure};
use switchboard_dbmgr::operator::MakeDemoPeople;
use switchboard_dbmgr::{Authority, Dbmgr};

/// Refuses a demonstration that others could reach: its passwords are printed.
pub fn check(config: &Config) -> Result<()> {
    ensure!(
        !config.demo || config.listen.ip().is_loopback(),
        "--demo listens on this machine only; leave it out, or use --listen 127.0.0.1:8080"
    );
    Ok(())
}

/// Makes the people and prints a line for each: role, name, password.
pub async fn start(dbmgr: &Dbmgr) -> Result<()> {
    let made = dbmgr.call(Authority::Operator, MakeDemoPeople {}).await;
    for person in made.map_err(|failure| anyhow::anyhow!(failure.detail))? {
        say(format_args!("{} {} {}", person.role.as_str(), person.username, person.password));
    }
    Ok(())
}
