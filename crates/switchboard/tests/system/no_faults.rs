//! The program that people get cannot be broken from outside, and has no trace of the means.

use anyhow::ensure;
use switchboard_testkit::{Program, Shape, TempDir, on_shapes, switchboard_binary};

on_shapes!(Embedded: [nothing_of_them_is_in_the_program]);

async fn nothing_of_them_is_in_the_program(_: Shape) -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let version = Program::new(folder.path(), &["--version"]).run("")?;
    ensure!(!version.ok()?.contains("faults"), "{}", version.stdout);
    let asked = Program::new(folder.path(), &["epoch", "rotate"]).env("SWITCHBOARD_BROKEN", "no such thing");
    ensure!(!asked.run("")?.stderr.contains("SWITCHBOARD_BROKEN"), "it knows the variable");
    let bytes = std::fs::read(switchboard_binary()?)?;
    for word in ["SWITCHBOARD_FAULT_AT", "SWITCHBOARD_BROKEN", "append.commit.before", "ack_before_commit"] {
        let found = bytes.windows(word.len()).any(|window| window == word.as_bytes());
        ensure!(!found, "{word} is in the program");
    }
    Ok(())
}
