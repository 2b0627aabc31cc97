//! The rules against a second, simpler statement of them: random commands by everybody with random fences, and after
//! each of them both say the same.
//!
//! `PROPTEST_CASES=20000 cargo test -p switchboard-domain --test rules` walks longer.
#![expect(clippy::unwrap_used, reason = "tests")]

mod assignment;
mod expect;
mod log;
mod people;
mod walk;
