//! The benchmarks: one runner, a driver for each system under test, a file for each benchmark.
//!
//! Every pass mark is a ratio inside one run, against something measured beside us. What is under test runs on one
//! core and the load on the other; see [`place`]. Results are one JSON file for each benchmark, and
//! `docs/performance.md` is made from them; see [`report`].

pub mod archive;
pub mod asker;
pub mod bare;
pub mod benchmark;
pub mod casting;
pub mod crowd;
pub mod driver;
pub mod load;
pub mod machine;
pub mod measurement;
pub mod party;
pub mod peer;
pub mod place;
pub mod product;
pub mod raw;
pub mod report;
pub mod rounds;
pub mod setting;
pub mod statements;
pub mod usage;
pub mod ws;

pub use measurement::{Goal, Measurement, Outcome};
pub use setting::Setting;
