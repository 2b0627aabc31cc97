//! `prove`: runs the scenarios and writes their page.

use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, bail};
use clap::{Parser, Subcommand, ValueEnum};
use switchboard_proof::scenario::{SCENARIOS, find};
use switchboard_proof::{Plan, Scale, Scenario, report};
use switchboard_testkit::Shape;

/// Breaks real systems on purpose and checks that the promises hold.
#[derive(Debug, Parser)]
#[command(args_conflicts_with_subcommands = true)]
struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Which scenarios to run; all of them if none is named.
    names: Vec<String>,
    /// Run briefly, as `make test` does, and write no figures.
    #[arg(long)]
    short: bool,
    /// So many cycles per part.
    #[arg(long)]
    cycles: Option<usize>,
    /// Only this shape.
    #[arg(long)]
    shape: Option<ShapeName>,
    /// Only this part, or these, with commas between them.
    #[arg(long)]
    part: Option<String>,
    /// Where everything random begins.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write the figures also when only a part was run.
    #[arg(long)]
    save: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write docs/proof.md from the figures in docs/proof.
    Report,
    /// Print the names of all scenarios.
    List,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ShapeName {
    Embedded,
    Cluster,
    Split,
}

impl From<ShapeName> for Shape {
    fn from(name: ShapeName) -> Self {
        match name {
            ShapeName::Embedded => Self::Embedded,
            ShapeName::Cluster => Self::Cluster,
            ShapeName::Split => Self::Split,
        }
    }
}

fn main() -> ExitCode {
    match carry_out(Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("prove: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Answers whether everything held.
fn carry_out(args: Args) -> anyhow::Result<bool> {
    match args.command {
        Some(Command::Report) => write_page().map(|()| true),
        Some(Command::List) => {
            for scenario in SCENARIOS {
                println!("{:<16} {}", scenario.name, scenario.title);
            }
            Ok(true)
        }
        None => run_all(args),
    }
}

fn run_all(args: Args) -> anyhow::Result<bool> {
    let chosen: Vec<&Scenario> = if args.names.is_empty() {
        SCENARIOS.iter().collect()
    } else {
        let known =
            |name: &String| find(name).with_context(|| format!("no scenario {name}: see `prove list`"));
        args.names.iter().map(known).collect::<anyhow::Result<_>>()?
    };
    if chosen.is_empty() {
        bail!("there is nothing to run");
    }
    let plan = Plan {
        scale: if args.short { Scale::Short } else { Scale::Full },
        cycles: args.cycles,
        shape: args.shape.map(Shape::from),
        part: args.part,
        seed: args.seed,
    };
    let save = args.save || plan.is_whole();
    let runtime = tokio::runtime::Runtime::new()?;
    let mut held = true;
    for scenario in chosen {
        held &= run_one(&runtime, scenario, &plan, save);
    }
    if save {
        write_page()?;
    }
    Ok(held)
}

/// Runs one; what could not be tried has not held, and the others are still run.
fn run_one(runtime: &tokio::runtime::Runtime, scenario: &Scenario, plan: &Plan, save: bool) -> bool {
    println!("== {}: {}", scenario.name, scenario.title);
    let start = Instant::now();
    let outcome = runtime.block_on((scenario.run)(plan)).and_then(|mut section| {
        section.stamp(scenario)?;
        if save {
            section.save()?;
        }
        Ok(section)
    });
    match outcome {
        Ok(section) => {
            print!("{}", section.as_text());
            let word = if section.passed { "held" } else { "DID NOT HOLD" };
            println!("== {}: {word}, seed {}, {:.0?}\n", scenario.name, plan.seed, start.elapsed());
            section.passed
        }
        Err(error) => {
            switchboard_testkit::process::print_ended();
            println!("== {}: COULD NOT BE TRIED, seed {}: {error:#}\n", scenario.name, plan.seed);
            false
        }
    }
}

fn write_page() -> anyhow::Result<()> {
    let path = report::page_path();
    std::fs::write(&path, report::page()?).with_context(|| format!("cannot write {}", path.display()))
}
