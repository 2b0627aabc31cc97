//! The list of all scenarios, in the order of `docs/proof.md`.

use std::pin::Pin;

use crate::kills;
use crate::plan::Plan;
use crate::report::Section;

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

/// All of them. A new one is a file with `pub async fn run(plan: &Plan) -> anyhow::Result<Section>`, an entry here,
/// and a line in `tests/short.rs`.
pub const SCENARIOS: &[Scenario] = &[Scenario {
    name: "kills",
    title: "Kill, freeze, restart",
    about: "Each part is killed, frozen and restarted at random while visitors talk with people and with automations, \
                agents answer, write notes, pass conversations on and claim them, and some clients lose their connection \
                now and then. After every block of cycles the load comes to rest, and everything that clients did and \
                saw is compared with what is stored. A *kill* is SIGKILL, dead for up to 0.4 s; a *freeze* is SIGSTOP \
                for 0.3 to 3 s; a *restart* is SIGTERM, waited for. *Works again* is counted from the moment in which \
                the part is started or thawed until a fresh client's message is acknowledged by way of it; for \
                automations until they answer one, for the bus of a cluster until it is shown on the other node. \
                *Elsewhere* is counted from the kill itself until a fresh client, who tries the dead node first, has an \
                acknowledgement from the other one.",
    run: |plan| Box::pin(kills::run(plan)),
}];

/// The scenario of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Scenario> {
    SCENARIOS.iter().find(|scenario| scenario.name == name)
}
