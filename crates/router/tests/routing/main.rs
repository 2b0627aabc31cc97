//! The router over a real bus, with programs that take turns, and the rules of `domain` in place of a database.
//! Time is the runtime's: what takes half a minute passes as soon as nobody has anything to do.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "helpers of tests fail like tests")]

mod automation;
mod deadline;
mod discovery;
mod ledger;
mod line;
mod people;
mod presence;
mod scene;
mod trouble;
mod turns;
