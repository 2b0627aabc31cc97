//! The list of all scenarios, in the order of `docs/proof.md`.

use std::pin::Pin;

use crate::plan::Plan;
use crate::report::Section;
use crate::{authority, automations, clock, cut, disk, failpoints, hostile, kills, mutants, network};

/// A scenario under way.
pub type Running<'a> = Pin<Box<dyn Future<Output = anyhow::Result<Section>> + 'a>>;

/// Something that is tried on real systems, and what it proves.
#[derive(Debug, Clone, Copy)]
pub struct Scenario {
    /// Its name on the command line, and of its file `docs/proof/NAME.json`.
    pub name: &'static str,
    /// Its heading on the page.
    pub title: &'static str,
    /// What it proves, and how: the text above its table.
    pub about: &'static str,
    /// Runs it. What does not hold is said in the section ([`Section::fail`]); an error means that it could not be
    /// tried.
    pub run: for<'a> fn(&'a Plan) -> Running<'a>,
}

/// All of them. A new one is a file with its `SCENARIO`, a line here, and a line in `tests/short.rs`.
pub const SCENARIOS: &[Scenario] = &[
    kills::SCENARIO,       // the parts one by one, and all of them
    network::SCENARIO,     // between clients and nodes, and behind one node
    cut::SCENARIO,         // a node without its database
    disk::SCENARIO,        // a volume without room
    clock::SCENARIO,       // clocks that are set
    hostile::SCENARIO,     // clients that send what nobody should
    automations::SCENARIO, // programs on NATS that answer badly
    failpoints::SCENARIO,  // before and after each commit, telling and acknowledgement
    mutants::SCENARIO,     // builds that are broken on purpose
    authority::SCENARIO,   // agents who are deactivated while they write
];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
