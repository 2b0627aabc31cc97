//! What a command has to say, on standard output.

use std::io::Write;

/// Prints a line. Whoever does not listen any more (a closed pipe) is no reason to stop.
pub fn say(line: impl std::fmt::Display) {
    let mut out = std::io::stdout().lock();
    // Nothing is left to be told about it.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}
