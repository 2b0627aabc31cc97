//! One program for each target, told apart by its name.
#![no_main]

use std::sync::LazyLock;
use switchboard_fuzz::{Target, find};

static TARGET: LazyLock<&'static Target> =
    LazyLock::new(|| find(env!("CARGO_BIN_NAME")).expect("a line in TARGETS for each program"));

libfuzzer_sys::fuzz_target!(|input: &[u8]| (TARGET.run)(input));
