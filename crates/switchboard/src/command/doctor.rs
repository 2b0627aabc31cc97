//! `switchboard doctor`: is everything as it must be, and what is to be mended?

use crate::compose;
use crate::config::Config;
use crate::say::say;
use crate::system::SystemClock;
use anyhow::{Result, bail};
use std::time::Duration;
use switchboard_dbmgr::MailTransport;
use switchboard_domain::Clock;
use switchboard_faults as faults;
use switchboard_storage::{Schema, Store};

/// How long each thing may take to answer.
const PATIENCE: Duration = Duration::from_secs(5);
/// How far two clocks may be apart before it is said, in milliseconds.
const SKEW_MS: i64 = 2_000;
/// 2026-01-01: an earlier clock is not set.
const BEFORE_US_MS: i64 = 1_767_225_600_000;

/// Prints one line per thing looked at; fails when something is to be mended.
pub async fn run(config: Config) -> Result<()> {
    let mut report = Report::default();
    report.well("configuration", &format!("listens on {}", config.listen));
    if let Some(url) = config.public_url.as_deref().filter(|url| url.starts_with("http://")) {
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|host| url.contains(host));
        if !local {
            report.mend(
                "configuration",
                &format!("{url}: use https, or passwords and cookies travel in the clear"),
            );
        }
    }
    if let Some(assistant) = &config.assistant {
        match assistant.settings("") {
            Ok(_) => report.well("assistant", &assistant.describe()),
            Err(error) => report.mend("assistant", &format!("{error:#}")),
        }
    }
    if faults::ON {
        report
            .mend("program", "it is built to be broken on purpose: install one without the feature `faults`");
    }
    database(&config, &mut report).await;
    bus(&config, &mut report).await;
    mail(&config, &mut report).await;
    report.finish()
}

async fn database(config: &Config, report: &mut Report) {
    let store = match compose::open_store(config).await {
        Ok(store) => store,
        Err(error) => return report.mend("database", &format!("{error:#}")),
    };
    match tokio::time::timeout(PATIENCE, store.schema()).await {
        Err(_) => {
            return report.mend("database", "no answer within 5 s: is the server up and the address right?");
        }
        Ok(Err(error)) => return report.mend("database", &error.to_string()),
        Ok(Ok(schema)) => match schema {
            Schema::Current => report.well("database", "reachable, schema up to date"),
            Schema::Empty => {
                report.well("database", "reachable and empty; `serve` or `su add` makes the schema")
            }
            Schema::Older(step) => report.mend(
                "database",
                &format!("the schema is at step {step}: run `switchboard migrate` (serve does too)"),
            ),
            Schema::Refused(why) => report.mend("database", &why),
        },
    }
    durability(&store, report).await;
    clock(&store, report).await;
}

async fn durability(store: &Store, report: &mut Report) {
    match store.durability().await {
        Err(error) => report.mend("durability", &error.to_string()),
        Ok(found) if found.is_durable() => {
            report.well("durability", &format!("{}: what is acknowledged survives a crash", found.server));
        }
        Ok(found) => found.faults.iter().for_each(|fault| report.mend("durability", fault)),
    }
}

async fn clock(store: &Store, report: &mut Report) {
    let here = SystemClock.now();
    if here < BEFORE_US_MS {
        return report
            .mend("clock", "this machine's clock is years behind: set it (timedatectl set-ntp true)");
    }
    match store.server_time().await {
        Ok(Some(there)) if (there - here).abs() > SKEW_MS => report.mend(
            "clock",
            &format!("{} ms apart from the database server's: run NTP on both", (there - here).abs()),
        ),
        Ok(Some(_)) => report.well("clock", "agrees with the database server's"),
        Ok(None) => report.well("clock", "set"),
        Err(error) => report.mend("clock", &error.to_string()),
    }
}

async fn bus(config: &Config, report: &mut Report) {
    if config.nats.is_none() {
        return report.well("bus", "in process; for several processes give --nats");
    }
    let bus = match compose::connect(config, "doctor", false).await {
        Ok(bus) => bus,
        Err(error) => return report.mend("bus", &format!("{error:#}")),
    };
    let mut state = bus.state();
    let connected = tokio::time::timeout(PATIENCE, state.wait_for(|s| s.connected)).await;
    if !matches!(connected, Ok(Ok(_))) {
        return report
            .mend("bus", "NATS does not answer within 5 s: is nats-server up and the address right?");
    }
    match bus.flush(PATIENCE).await {
        Ok(()) => report.well("bus", "NATS answers"),
        Err(error) => report.mend("bus", &format!("NATS is connected but does not answer: {error}")),
    }
}

async fn mail(config: &Config, report: &mut Report) {
    let Some(smtp) = &config.smtp else {
        return report.well("e-mail", "none is sent; for it give --smtp-url and --smtp-from");
    };
    match MailTransport::new(&smtp.url, &smtp.from, PATIENCE) {
        Ok(transport) => match transport.check().await {
            Ok(()) => report.well("e-mail", "the mail server answers"),
            Err(error) => report.mend("e-mail", &error.to_string()),
        },
        Err(error) => report.mend("e-mail", &error.to_string()),
    }
}

#[derive(Default)]
struct Report {
    faults: usize,
}

impl Report {
    fn well(&mut self, what: &str, how: &str) {
        say(format_args!("ok    {what}: {how}"));
    }

    fn mend(&mut self, what: &str, how: &str) {
        self.faults += 1;
        say(format_args!("MEND  {what}: {how}"));
    }

    fn finish(self) -> Result<()> {
        match self.faults {
            0 => Ok(()),
            1 => bail!("one thing is to be mended, see above"),
            n => bail!("{n} things are to be mended, see above"),
        }
    }
}
