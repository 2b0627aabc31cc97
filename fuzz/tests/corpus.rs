//! The targets over the committed corpus and over mutations of it, without libFuzzer: the same ones in every run.
//! `SWITCHBOARD_FUZZ_SECONDS` lets each target run longer (and from another seed every time).

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use switchboard_fuzz::mutate::{Dice, mutate};
use switchboard_fuzz::{TARGETS, Target, body_lines, call_names, find};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<std::alloc::System> = &INSTRUMENTED_SYSTEM;

const SECONDS_ENV: &str = "SWITCHBOARD_FUZZ_SECONDS";
/// How long a target runs when nobody says anything.
const USUAL: Duration = Duration::from_secs(3);
/// How long one input may take, on a busy machine and without optimisation.
const ONE: Duration = Duration::from_secs(5);
/// What one input may have allocated in all, in bytes, for each of its own and besides.
const BYTES_PER_BYTE: usize = 400;
const BYTES_BESIDES: usize = 4 * 1024 * 1024;

fn folder(target: &Target) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name)
}

/// Runs one input; on a panic the test prints it, so that it can be put into the corpus.
fn one(target: &Target, input: &[u8]) -> anyhow::Result<()> {
    let (began, region) = (Instant::now(), Region::new(ALLOCATOR));
    let run = std::panic::catch_unwind(|| (target.run)(input));
    let (took, allocated) = (began.elapsed(), region.change().bytes_allocated);
    let shown = || format!("{}: {} bytes: {}", target.name, input.len(), input.escape_ascii());
    ensure!(run.is_ok(), "a promise is broken by {}", shown());
    ensure!(took < ONE, "{took:?} for {}", shown());
    let most = BYTES_BESIDES + BYTES_PER_BYTE * input.len();
    ensure!(allocated < most, "{allocated} bytes allocated for {}", shown());
    Ok(())
}

/// What is allocated is counted for the whole process: one target at a time, also where they share one.
static TURN: Mutex<()> = Mutex::new(());

fn run(name: &str) -> anyhow::Result<()> {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let target = find(name).with_context(|| format!("no target {name}"))?;
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder(target))
        .with_context(|| format!("{name} has no corpus"))?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.sort();
    let corpus: Vec<Vec<u8>> = files.iter().map(std::fs::read).collect::<Result<_, _>>()?;
    ensure!(corpus.len() >= 4, "{name}: a corpus of {} is no corpus", corpus.len());
    // What is set up once is not an input's cost.
    (target.run)(&[]);
    for (file, input) in files.iter().zip(&corpus) {
        one(target, input).with_context(|| file.display().to_string())?;
    }
    let asked = std::env::var(SECONDS_ENV).ok().and_then(|text| text.parse().ok());
    let seed = if asked.is_some() { u64::from(std::process::id()) } else { 1 };
    let until = Instant::now() + asked.map_or(USUAL, Duration::from_secs);
    let mut dice = Dice::new(seed);
    let mut runs = 0_u32;
    while Instant::now() < until {
        let (Some(input), Some(other)) = (dice.one(&corpus), dice.one(&corpus)) else { break };
        let mut input = input.clone();
        mutate(&mut input, other, target.words, &mut dice);
        one(target, &input)?;
        runs += 1;
    }
    println!("{name}: {runs} mutations of {} inputs", corpus.len());
    ensure!(runs > 50, "only {runs} mutations in the time: something is slow");
    Ok(())
}

/// The name of each file of a folder.
fn names(folder: &Path) -> anyhow::Result<BTreeSet<String>> {
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    Ok(entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, std::io::Error>>()?)
}

/// What there is an example of on the bus, with one of these beginnings.
fn examples(beginnings: &[&str]) -> anyhow::Result<BTreeSet<String>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates/wire/golden");
    let of_them = |name: &String| beginnings.iter().any(|beginning| name.starts_with(beginning));
    let stem = |name: String| name.strip_suffix(".json").map(str::to_owned);
    Ok(names(&folder)?.into_iter().filter_map(stem).filter(of_them).collect())
}

#[test]
fn every_call_is_read_and_has_an_input() -> anyhow::Result<()> {
    let known = examples(&["cmd.", "qry."])?;
    let read: BTreeSet<String> = call_names().into_iter().map(str::to_owned).collect();
    ensure!(known == read, "not in both: {:?}", known.symmetric_difference(&read));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/calls");
    for (at, name) in call_names().into_iter().enumerate() {
        let input = std::fs::read(folder.join(name)).context(name)?;
        ensure!(input.first().map(|byte| usize::from(*byte)) == Some(at), "{name} begins with byte {at}");
    }
    Ok(())
}

#[test]
fn every_notice_has_an_input() -> anyhow::Result<()> {
    let inputs = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/notices"))?;
    let without: Vec<String> = examples(&["evt."])?
        .into_iter()
        .filter(|name| !inputs.contains(name.trim_start_matches("evt.")))
        .collect();
    ensure!(without.is_empty(), "these have no input: {without:?}");
    Ok(())
}

#[test]
fn every_route_with_a_body_has_an_input() -> anyhow::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/bodies");
    let mut without: BTreeSet<String> = body_lines().into_iter().collect();
    for name in names(&folder)? {
        let input = std::fs::read(folder.join(name))?;
        let line = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
        without.remove(&*String::from_utf8_lossy(line));
    }
    ensure!(without.is_empty(), "these routes have no input: {without:?}");
    Ok(())
}

macro_rules! targets {
    ($($name:ident),* $(,)?) => {
        $(#[test]
        fn $name() -> anyhow::Result<()> {
            run(stringify!($name))
        })*

        #[test]
        fn every_target_runs_here_and_every_corpus_has_a_target() -> anyhow::Result<()> {
            let here = [$(stringify!($name)),*];
            let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
            ensure!(here[..] == known[..], "{known:?}");
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
            for entry in std::fs::read_dir(folder)? {
                let name = entry?.file_name().to_string_lossy().into_owned();
                ensure!(find(&name).is_some(), "the corpus {name} belongs to nobody");
            }
            Ok(())
        }
    };
}

targets!(
    agent_frames,
    bodies,
    calls,
    connection,
    edges,
    notices,
    replies,
    socket_bytes,
    values,
    visitor_frames,
    words,
);
