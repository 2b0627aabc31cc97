//! The benchmarks, a file each. A new one is a file and a line in [`ALL`].

pub mod b01_idle;
pub mod b02;
pub mod b02s;
pub mod b03;
pub mod b04;
pub mod b05_fanout;
pub mod b06_storm;
pub mod b07_history;
pub mod b08_inbox;
pub mod b10_routing;
pub mod b11_sign_in;
pub mod b12;
pub mod b13_growth;
pub mod b14_stalled;

use crate::measurement::Outcome;
use crate::setting::Setting;

/// A benchmark.
#[derive(Debug, Clone, Copy)]
pub struct Benchmark {
    /// Its name: `B02`.
    pub id: &'static str,
    /// What it is about, for the page: `durable throughput`.
    pub title: &'static str,
    /// Runs it.
    pub run: fn(&Setting) -> anyhow::Result<Outcome>,
}

/// All of them, in the order of the page.
pub const ALL: &[Benchmark] = &[
    b01_idle::BENCHMARK,
    b02::BENCHMARK,
    b02s::BENCHMARK,
    b03::BENCHMARK,
    b04::BENCHMARK,
    b05_fanout::BENCHMARK,
    b06_storm::BENCHMARK,
    b07_history::BENCHMARK,
    b08_inbox::BENCHMARK,
    b10_routing::BENCHMARK,
    b11_sign_in::BENCHMARK,
    b12::BENCHMARK,
    b13_growth::BENCHMARK,
    b14_stalled::BENCHMARK,
];

/// The benchmark of this name, in whatever case.
#[must_use]
pub fn find(id: &str) -> Option<&'static Benchmark> {
    ALL.iter().find(|benchmark| benchmark.id.eq_ignore_ascii_case(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order_and_each_is_there_once() {
        assert!(ALL.windows(2).all(|pair| pair[0].id < pair[1].id), "sort the list; each name once");
        assert!(find("b12").is_some() && find("B99").is_none());
    }
}
