//! `switchboard su`: super admins, straight into the database, by the same code as everything else.

use crate::cli::{Su, SuVerb};
use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::{SystemClock, SystemRng};
use anyhow::{Context, Result, bail, ensure};
use std::io::{BufRead, Read, Write};
use std::sync::Arc;
use switchboard_dbmgr::operator::{
    AddSuperAdmin, DeleteSuperAdmin, SetSuperAdminActive, SetSuperAdminPassword,
};
use switchboard_dbmgr::{Authority, Dbmgr};
use switchboard_domain::{Clock, Role, limits};
use switchboard_wire::call::account::ListAccounts;
use switchboard_wire::{Call, Failure};

/// Longest line read from standard input, in bytes; no password is that long.
const LINE_BYTES: u64 = 4_096;

/// Carries out one verb.
pub async fn run(config: Config, su: Su) -> Result<()> {
    // Asked first, so that nobody types a password in vain when standard input is at its end, and nothing is
    // held open while somebody types.
    let password = match &su.verb {
        SuVerb::Add { .. } | SuVerb::Passwd { .. } => read_password(su.password_stdin)?,
        _ => String::new(),
    };
    let store = compose::open_store(&config).await?;
    store.migrate_if_empty(SystemClock.now(), &SystemRng).await?;
    let dbmgr = Dbmgr::offline(store, Arc::new(SystemClock), Arc::new(SystemRng));
    let operator = Operator(dbmgr);
    match su.verb {
        SuVerb::Add { name } => {
            let allow_another = su.allow_another;
            operator.call(AddSuperAdmin { username: name.clone(), password, allow_another }).await?;
            say(format_args!("added {name}"));
        }
        SuVerb::List => list(&operator).await?,
        SuVerb::Passwd { name } => {
            operator.call(SetSuperAdminPassword { username: name.clone(), password }).await?;
            say(format_args!("changed the password of {name}; its sessions have ended"));
        }
        SuVerb::Activate { name } => {
            operator.call(SetSuperAdminActive { username: name.clone(), active: true }).await?;
            say(format_args!("{name} is active"));
        }
        SuVerb::Deactivate { name } => {
            operator.call(SetSuperAdminActive { username: name.clone(), active: false }).await?;
            say(format_args!("{name} is inactive; its sessions have ended"));
        }
        SuVerb::Delete { name } => {
            operator.call(DeleteSuperAdmin { username: name.clone() }).await?;
            say(format_args!("deleted {name}"));
        }
    }
    Ok(())
}

struct Operator(Dbmgr);

impl Operator {
    async fn call<C: Call>(&self, call: C) -> Result<C::Reply> {
        self.0.call(Authority::Operator, call).await.map_err(said)
    }
}

/// A failure as the one line that says what to do.
fn said(failure: Failure) -> anyhow::Error {
    anyhow::anyhow!(failure.detail)
}

async fn list(operator: &Operator) -> Result<()> {
    let mut cursor = None;
    let mut out = std::io::stdout().lock();
    loop {
        let page = ListAccounts { role: Role::SuperAdmin, limit: Some(limits::PAGE_ITEMS), cursor };
        let page = operator.call(page).await?;
        for account in page.items {
            let active = if account.active { "active" } else { "inactive" };
            let role = account.role.as_str();
            writeln!(out, "{}\t{role}\t{active}\t{}", account.username, account.created_at)?;
        }
        cursor = page.next;
        if cursor.is_none() {
            return Ok(());
        }
    }
}

fn read_password(from_stdin: bool) -> Result<String> {
    if from_stdin {
        let mut line = String::new();
        std::io::stdin()
            .lock()
            .take(LINE_BYTES)
            .read_line(&mut line)
            .context("cannot read standard input")?;
        let password = line.strip_suffix('\n').unwrap_or(&line);
        let password = password.strip_suffix('\r').unwrap_or(password);
        ensure!(!password.is_empty(), "standard input has no password: give it as one line");
        return Ok(password.to_owned());
    }
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .context("cannot ask for a password without a terminal; use --password-stdin")
    };
    let password = ask("Password (15 characters or more): ")?;
    if ask("Once more: ")? != password {
        bail!("the two passwords differ; nothing was changed");
    }
    Ok(password)
}
