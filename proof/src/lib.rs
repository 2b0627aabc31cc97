//! Proofs: real systems with real servers, faults on purpose, load meanwhile, and the question whether what was
//! promised has held. A scenario is a file and one line in [`scenario::SCENARIOS`]; what it measures is a
//! [`Section`] of `docs/proof.md`.
//!
//! `make prove` runs all of them at full length; `tests/short.rs` runs each of them briefly with every `make test`.

pub mod authority;
pub mod automations;
pub mod clock;
pub mod cut;
pub mod disk;
pub mod failpoints;
pub mod faulty;
pub mod figures;
pub mod hostile;
pub mod kills;
pub mod load;
pub mod metrics;
pub mod mutants;
pub mod network;
pub mod plan;
pub mod record;
pub mod report;
pub mod scenario;

pub use load::{Crew, Load};
pub use plan::{Plan, Scale};
pub use report::Section;
pub use scenario::Scenario;
