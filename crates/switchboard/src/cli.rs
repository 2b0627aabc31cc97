//! The command line (contract §1).

use crate::faults;
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Connects people to automations and to people who can help.
///
/// Without a command it serves: every component in one process, with a database and a bus of its own.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version = faults::VERSION, propagate_version = true)]
pub struct Cli {
    /// What to do; `serve` if left out.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// Where everything is.
    #[command(flatten)]
    pub flags: Flags,
}

/// Flags over environment over file over default.
#[derive(Debug, Default, Args)]
pub struct Flags {
    /// Address for HTTP and sockets; port 0 picks one [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDR", env = "SWITCHBOARD_LISTEN")]
    pub listen: Option<String>,
    /// sqlite:PATH or mysql://USER:PASSWORD@HOST:PORT/NAME [default: a SQLite file in the data folder]
    #[arg(long, global = true, value_name = "URL", env = "SWITCHBOARD_DATABASE", hide_env_values = true)]
    pub database: Option<String>,
    /// nats://HOST:PORT; left out, the bus is inside the process
    #[arg(long, global = true, value_name = "URL", env = "SWITCHBOARD_NATS", hide_env_values = true)]
    pub nats: Option<String>,
    /// Folder of the SQLite file [default: ./switchboard-data]
    #[arg(long, global = true, value_name = "DIR", env = "SWITCHBOARD_DATA")]
    pub data: Option<PathBuf>,
    /// How people reach us: origins, links, secure cookies [default: http:// and the address]
    #[arg(long, global = true, value_name = "URL", env = "SWITCHBOARD_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Address for GET /metrics, Prometheus text [default: off]
    #[arg(long, global = true, value_name = "ADDR", env = "SWITCHBOARD_METRICS_LISTEN")]
    pub metrics_listen: Option<String>,
    /// Mail server for e-mail to visitors: smtps://USER:PASSWORD@HOST, or smtp://HOST?tls=required [default: none]
    #[arg(long, global = true, value_name = "URL", env = "SWITCHBOARD_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,
    /// Whom e-mail to visitors is from: help@example.org, or "Support <help@example.org>"
    #[arg(long, global = true, value_name = "ADDRESS", env = "SWITCHBOARD_SMTP_FROM")]
    pub smtp_from: Option<String>,
    /// Configuration file [default: ./switchboard.toml if present]
    #[arg(long, global = true, value_name = "FILE", env = "SWITCHBOARD_CONFIG")]
    pub config: Option<PathBuf>,
    /// Make a super admin, an admin and an agent for a trial, and print their passwords once (serve on
    /// loopback only)
    #[arg(long, global = true)]
    pub demo: bool,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Every component in one process; several over one NATS and one MySQL are a cluster
    Serve,
    /// The edge alone: HTTP, sockets, pages; joined to the others over NATS
    Web,
    /// The database's owner alone, with the router; joined to the others over NATS
    Dbmgr,
    /// One built-in automation as a process of its own, joined to the others over NATS; and what whoever writes one needs
    Automation(Automation),
    /// Try an automation: send it a turn over NATS as the router does, and check its reply as strictly
    Turn(Turn),
    /// Super admins, offline: straight into the database, beside a running server or without one
    Su(Su),
    /// Bring the database to this version's schema
    Migrate,
    /// Check configuration, database, bus and clock, and say what to mend
    Doctor,
    /// Copy the SQLite database while it is in use
    Backup {
        /// The copy; must not exist yet
        file: PathBuf,
    },
    /// Put a copy in place of the SQLite database and rotate the epoch; the server must be stopped
    Restore {
        /// The copy
        file: PathBuf,
    },
    /// The database's epoch, by which clients notice a restore
    Epoch {
        /// What to do
        #[command(subcommand)]
        what: Epoch,
    },
}

/// Automations: run a built-in one, or begin one of your own.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Automation {
    /// chat, mat, …
    #[arg(required = true)]
    pub name: Option<String>,
    /// What to do instead of running it.
    #[command(subcommand)]
    pub verb: Option<AutomationVerb>,
}

/// What can be done for an automation. None can have one of these names.
#[derive(Debug, Subcommand)]
pub enum AutomationVerb {
    /// A user on NATS for an automation, who may do that work and nothing else: prints a password, and what the
    /// nats-server's configuration needs
    Credentials {
        /// The automation's name
        name: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
        /// Write NAME.env and NAME.conf into this folder instead of printing; existing files are not touched
        #[arg(long, value_name = "DIR", conflicts_with = "json")]
        out: Option<PathBuf>,
    },
    /// A template that answers turns: small files to begin with
    New {
        /// The automation's name: 1 to 26 of a-z 0-9 _ -
        name: String,
        /// In which language
        #[arg(long, value_enum, default_value = "python")]
        language: Language,
        /// Where to; a new folder of the automation's name when left out. Existing files are not touched
        #[arg(long, value_name = "DIR")]
        directory: Option<PathBuf>,
        /// Rust only: the folder crates/sdk of a checkout of Switchboard
        #[arg(long, value_name = "DIR")]
        sdk: Option<PathBuf>,
    },
}

/// Languages that there is a template for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// With nats-py.
    Python,
    /// With nats.js.
    Node,
    /// With switchboard-sdk.
    Rust,
}

/// A turn to try.
#[derive(Debug, Args)]
pub struct Turn {
    /// The automation's name
    pub name: String,
    /// What the visitor writes; several texts are several messages of one turn
    #[arg(required = true)]
    pub texts: Vec<String>,
    /// Time for the attempt, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = switchboard_domain::limits::DEFAULT_TURN_DEADLINE_MS)]
    pub deadline_ms: i64,
    /// The visitor's name
    #[arg(long, value_name = "NAME")]
    pub visitor_name: Option<String>,
    /// Print the reply as JSON
    #[arg(long)]
    pub json: bool,
}

/// What can be done to the epoch.
#[derive(Debug, Subcommand)]
pub enum Epoch {
    /// Give the database a new epoch; do this after every restore
    Rotate,
}

/// Super admins.
#[derive(Debug, Args)]
pub struct Su {
    /// What to do.
    #[command(subcommand)]
    pub verb: SuVerb,
    /// Read the password from one line of standard input instead of asking
    #[arg(long, global = true)]
    pub password_stdin: bool,
    /// Let `add` make another super admin beside an existing one
    #[arg(long, global = true)]
    pub allow_another: bool,
}

/// What can be done with super admins. Nothing asks for confirmation.
#[derive(Debug, Subcommand)]
pub enum SuVerb {
    /// Make a super admin; the password is asked for twice
    Add {
        /// 2 to 64 characters of a-z, 0-9, dot, underscore and hyphen
        name: String,
    },
    /// One line each: name, role, active or inactive, created
    List,
    /// Change the password; all sessions end
    Passwd {
        /// The username
        name: String,
    },
    /// Let it sign in again
    Activate {
        /// The username
        name: String,
    },
    /// End all its sessions and let nothing more be done in its name
    Deactivate {
        /// The username
        name: String,
    },
    /// Remove it; history keeps the name, and the name is free again
    Delete {
        /// The username
        name: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn flags_may_stand_before_or_after_the_verb() {
        let ways = [
            "switchboard --database sqlite:x su add root --password-stdin",
            "switchboard su --password-stdin --database sqlite:x add root",
            "switchboard su add --database sqlite:x --password-stdin root",
        ];
        for way in ways {
            let cli = Cli::try_parse_from(way.split(' ')).unwrap();
            assert_eq!(cli.flags.database.as_deref(), Some("sqlite:x"), "{way}");
            let Some(Command::Su(su)) = cli.command else { panic!("{way}") };
            assert!(su.password_stdin, "{way}");
        }
    }

    #[test]
    fn an_automation_is_run_or_begun() {
        let parse = |way: &str| Cli::try_parse_from(way.split(' ')).map(|cli| cli.command);
        let run = parse("switchboard automation --nats nats://x chat").unwrap();
        assert!(
            matches!(run, Some(Command::Automation(Automation { name: Some(name), verb: None })) if name == "chat")
        );
        for way in ["automation credentials shout --nats nats://x", "--nats nats://x automation new shout"] {
            let Some(Command::Automation(Automation { name, verb })) =
                parse(&format!("switchboard {way}")).unwrap()
            else {
                panic!("{way}")
            };
            assert!(name.is_none() && verb.is_some(), "{way}");
        }
        assert!(parse("switchboard automation").is_err());
        // Verbs are looked for first, so no built-in automation may have their names.
        for name in switchboard_automations::NAMES {
            assert!(!crate::command::VERBS.contains(&name), "{name}");
        }
    }

    #[test]
    fn no_command_means_serve_with_its_flags() {
        let cli = Cli::try_parse_from(["switchboard", "--demo", "--listen", "127.0.0.1:0"]).unwrap();
        assert!(cli.command.is_none() && cli.flags.demo);
    }
}
