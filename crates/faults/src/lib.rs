//! Places where the proof may end the program ([`Point`]), and ways in which it may be broken on purpose
//! ([`Mutant`]), so that it can be shown that the tests notice.
//!
//! Without the feature `on` everything here is a constant that the compiler removes; with it, the environment says
//! what happens: `SWITCHBOARD_FAULT_AT=append.commit.before:3` ends the process at the third passage of that point
//! as SIGKILL would, `…:3:stop` freezes it there as SIGSTOP would, and `SWITCHBOARD_BROKEN=ack_before_commit` makes
//! the whole process wrong in one way. An unknown name keeps the program from starting.

#[cfg(all(feature = "on", not(debug_assertions)))]
compile_error!("switchboard-faults/on breaks the program on purpose: build it in the dev profile only");

#[cfg(feature = "on")]
mod armed;
mod mutant;
mod plan;
mod point;

pub use mutant::Mutant;
pub use plan::{Deed, Plan, Stop};
pub use point::{Home, Point};

/// Names the point, passage and deed: `NAME`, `NAME:N` or `NAME:N:stop`.
pub const FAULT_AT: &str = "SWITCHBOARD_FAULT_AT";
/// Names the mutant.
pub const BROKEN: &str = "SWITCHBOARD_BROKEN";

/// Whether this program can be broken from outside.
pub const ON: bool = cfg!(feature = "on");

/// Passes a point: nothing happens, or the process ends or stands still right here.
#[inline(always)]
pub fn at(point: Point) {
    #[cfg(feature = "on")]
    armed::at(point);
    #[cfg(not(feature = "on"))]
    let _ = point;
}

/// Whether the program is to be wrong in this way.
#[inline(always)]
#[must_use]
pub fn broken(mutant: Mutant) -> bool {
    #[cfg(feature = "on")]
    let broken = armed::broken(mutant);
    #[cfg(not(feature = "on"))]
    let broken = {
        let _ = mutant;
        false
    };
    broken
}

/// What the environment asks for; call it once at the start, and do not start after an error. `None`: this program
/// has no faults to offer, whatever the environment says.
///
/// # Errors
/// When it asks for something that there is not.
pub fn armed() -> Result<Option<Plan>, String> {
    #[cfg(feature = "on")]
    let plan = armed::plan().clone().map(Some);
    #[cfg(not(feature = "on"))]
    let plan = Ok(None);
    plan
}
