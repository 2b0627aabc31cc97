//! Fuzz targets: whatever comes from outside, through the very code that reads it.
//!
//! A target takes bytes and panics when a promise is broken: the program lives, errors are of the defined kinds, and
//! what is accepted is the same when it is written and read again. The same functions run under libFuzzer
//! (`scripts/fuzz`) and, over the committed corpus and mutations of it, in the tests of this crate. A new target is a
//! file in `target/` and a line in [`TARGETS`].

pub mod mutate;
mod reply;
mod stage;
mod target;

/// A fuzz target.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// Its name: of the corpus' folder and of the program.
    pub name: &'static str,
    /// Takes an input. Panics when a promise is broken.
    pub run: fn(&[u8]),
    /// What the input means to it, in fragments that mutations put in.
    pub words: &'static [&'static str],
}

/// All of them.
pub const TARGETS: &[Target] = &[
    Target { name: "agent_frames", run: target::frames::agent, words: target::frames::WORDS },
    Target { name: "bodies", run: target::bodies::run, words: target::bodies::WORDS },
    Target { name: "calls", run: target::calls::run, words: target::bodies::WORDS },
    Target { name: "connection", run: target::connection::run, words: target::connection::WORDS },
    Target { name: "edges", run: target::edges::run, words: target::edges::WORDS },
    Target { name: "notices", run: target::notices::run, words: target::notices::WORDS },
    Target { name: "replies", run: target::replies::run, words: target::replies::WORDS },
    Target { name: "socket_bytes", run: target::socket_bytes::run, words: target::frames::WORDS },
    Target { name: "values", run: target::values::run, words: target::values::WORDS },
    Target { name: "visitor_frames", run: target::frames::visitor, words: target::frames::WORDS },
    Target { name: "words", run: target::words::run, words: target::words::WORDS },
];

/// The target of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// The calls that the target `calls` reads, by the byte that chooses each.
#[must_use]
pub fn call_names() -> Vec<&'static str> {
    target::calls::CALLS.iter().map(|(name, _)| *name).collect()
}

/// The lines that choose the routes of the target `bodies`.
#[must_use]
pub fn body_lines() -> Vec<String> {
    target::bodies::lines()
}
