//! Clock and dice for the unit tests of this crate.

use std::io::Read as _;
use switchboard_domain::Rng;

/// The operating system's dice.
pub(crate) struct Dice;

impl Rng for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        std::fs::File::open("/dev/urandom").unwrap().read_exact(bytes).unwrap();
    }
}
