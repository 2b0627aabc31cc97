//! `switchboard`: one program for every part. See `switchboard --help`.

mod cli;
mod command;
mod compose;
mod config;
mod demo;
mod faults;
mod health;
mod logging;
mod say;
mod shutdown;
mod system;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    let outcome = config::Config::load(&cli.flags).and_then(|config| {
        logging::start(cli.command.as_ref())?;
        faults::say()?;
        command::run(cli, config)
    });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // One line that says what to do; the chain of causes is part of it.
            let line = format!("{error:#}").split_whitespace().collect::<Vec<_>>().join(" ");
            eprintln!("switchboard: {line}");
            ExitCode::FAILURE
        }
    }
}
