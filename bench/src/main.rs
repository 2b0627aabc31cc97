//! `bench`: runs benchmarks, and renders what they gave.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use clap::{Parser, Subcommand};
use switchboard_bench::benchmark::{self, Benchmark};
use switchboard_bench::peer::handmade;
use switchboard_bench::report::record::Record;
use switchboard_bench::{Setting, bare, place, report, setting};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Measures Switchboard beside what the machine can do.
#[derive(Debug, Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
struct Cli {
    /// Which benchmarks, such as B02 B03; all of them without.
    ids: Vec<String>,
    /// A smoke run of seconds; nothing is kept.
    #[arg(long)]
    quick: bool,
    /// Rounds; in each, every system is measured once.
    #[arg(long, default_value_t = setting::ROUNDS)]
    rounds: usize,
    /// Seconds for which one system is measured in a round.
    #[arg(long, default_value_t = setting::WINDOW.as_secs_f64())]
    window: f64,
    /// Where results go.
    #[arg(long, default_value = report::FOLDER)]
    results: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Says which benchmarks there are.
    List,
    /// Runs a part of the bare pipeline until it is killed; benchmarks start it.
    #[command(subcommand, hide = true)]
    Bare(bare::Part),
    /// Runs the hand-made server until it is killed; benchmarks start it.
    #[command(hide = true)]
    Handmade,
    /// Writes docs/performance.md and its drawings from the results.
    Report,
}

fn main() -> ExitCode {
    match command(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Some(Command::List) => {
            for benchmark in benchmark::ALL {
                println!("{}\t{}", benchmark.id, benchmark.title);
            }
            Ok(())
        }
        Some(Command::Bare(part)) => bare::run(part),
        Some(Command::Handmade) => handmade::serve(),
        Some(Command::Report) => report::write(Path::new(".")),
        None => run(&cli),
    }
}

fn run(cli: &Cli) -> anyhow::Result<()> {
    let chosen = choose(&cli.ids)?;
    let setting = if cli.quick {
        Setting::quick()
    } else {
        place::pin_load()?;
        if cli.rounds == 0 || !(0.1..=600.0).contains(&cli.window) {
            bail!("--rounds is at least 1, --window 0.1 to 600 seconds");
        }
        let (rounds, window) = (cli.rounds, Duration::from_secs_f64(cli.window));
        Setting { rounds, window, ..Setting::full(cli.results.clone()) }
    };
    let mut failed = Vec::new();
    for benchmark in chosen {
        let began = Instant::now();
        eprintln!("{} {}", benchmark.id, benchmark.title);
        match one(benchmark, &setting) {
            Ok(()) => eprintln!("{} took {:.0} s", benchmark.id, began.elapsed().as_secs_f64()),
            Err(error) => {
                eprintln!("{} failed: {error:#}", benchmark.id);
                failed.push(benchmark.id);
            }
        }
    }
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn one(benchmark: &Benchmark, setting: &Setting) -> anyhow::Result<()> {
    let outcome = (benchmark.run)(setting)?;
    let record = Record::new(benchmark, outcome);
    print!("{}", report::page::lines(&record));
    match &setting.results {
        Some(folder) => record.save(folder),
        None => Ok(()),
    }
}

fn choose(ids: &[String]) -> anyhow::Result<Vec<&'static Benchmark>> {
    if ids.is_empty() {
        return Ok(benchmark::ALL.iter().collect());
    }
    let known = || benchmark::ALL.iter().map(|one| one.id).collect::<Vec<_>>().join(", ");
    ids.iter()
        .map(|id| benchmark::find(id).with_context(|| format!("no benchmark {id}; there are {}", known())))
        .collect()
}
