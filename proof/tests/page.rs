//! `docs/proof.md` is what the saved figures say.

use switchboard_proof::report;

#[test]
fn the_page_is_what_was_measured() -> anyhow::Result<()> {
    let committed = std::fs::read_to_string(report::page_path())?;
    assert!(committed == report::page()?, "docs/proof.md is stale: cargo run -p switchboard-proof -- report");
    Ok(())
}
