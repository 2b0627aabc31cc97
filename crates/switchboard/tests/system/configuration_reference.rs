//! `docs/configuration.md` says what the program takes: the same flags, variables, keys and defaults.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, ensure};
use switchboard_testkit::TempDir;
use switchboard_testkit::program::Program;

fn page() -> anyhow::Result<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/configuration.md");
    std::fs::read_to_string(&path).with_context(|| path.display().to_string())
}

/// The rows of a section's table, cell by cell.
fn rows(page: &str, section: &str) -> Vec<Vec<String>> {
    let part = page.split("\n## ").find(|part| part.starts_with(section)).unwrap_or_default();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    part.lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| ---"))
        .skip(1)
        .map(cells)
        .collect()
}

/// What stands in backquotes first.
fn code(cell: &str) -> Option<&str> {
    cell.split('`').nth(1)
}

fn names(rows: &[Vec<String>], column: usize) -> BTreeSet<String> {
    let cells = rows.iter().filter_map(|row| code(row.get(column)?));
    cells.map(|text| text.split(' ').next().unwrap_or_default().to_owned()).collect()
}

/// What the program says it knows when it is given a key that it does not.
fn known_keys(text: &str) -> anyhow::Result<BTreeSet<String>> {
    let folder = TempDir::new()?;
    let file = folder.join("slip.toml");
    std::fs::write(&file, text)?;
    let done =
        Program::new(folder.path(), &["doctor"]).flag("--config", file.display().to_string()).run("")?;
    ensure!(done.code == 1, "a slip is not refused: {done:?}");
    let listed = done.stderr.split("expected one of ").nth(1).context(done.stderr.clone())?;
    Ok(listed.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect())
}

#[test]
fn flags_and_variables_are_those_of_the_program() -> anyhow::Result<()> {
    let folder = TempDir::new()?;
    let done = Program::new(folder.path(), &["--help"]).run("")?;
    let help = done.ok()?;
    let words = || help.split(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '_'));
    let flags: BTreeSet<String> =
        words().filter(|word| word.starts_with("--") && word.len() > 2).map(Into::into).collect();
    let variables: BTreeSet<String> =
        words().filter(|word| word.starts_with("SWITCHBOARD_")).map(Into::into).collect();
    let rows = rows(&page()?, "Settings");
    let mut documented = names(&rows, 0);
    documented.extend(["--help".to_owned(), "--version".to_owned()]);
    ensure!(flags == documented, "program {flags:?}, page {documented:?}");
    ensure!(variables == names(&rows, 1), "program {variables:?}, page {:?}", names(&rows, 1));
    for row in &rows {
        let (Some(flag), Some(default)) =
            (row.first().and_then(|c| code(c)), row.get(3).and_then(|c| code(c)))
        else {
            continue;
        };
        if default.contains("127.0.0.1") || default.starts_with("./") {
            ensure!(help.contains(&format!("[default: {default}")), "{flag}: the default is not {default}");
        }
    }
    Ok(())
}

#[test]
fn keys_of_the_file_are_those_of_the_program() -> anyhow::Result<()> {
    let page = page()?;
    let mut documented = names(&rows(&page, "Settings"), 2);
    documented.extend(["limits", "files", "outbound", "assistant"].map(ToOwned::to_owned));
    let known = known_keys("slip = 1\n")?;
    ensure!(known == documented, "program {known:?}, page {documented:?}");
    let known = known_keys("[limits]\nslip = 1\n")?;
    let documented = names(&rows(&page, "Limits"), 0);
    ensure!(known == documented, "program {known:?}, page {documented:?}");
    let known = known_keys("[files]\nslip = 1\n")?;
    let documented = names(&rows(&page, "Files"), 0);
    ensure!(known == documented, "program {known:?}, page {documented:?}");
    let known = known_keys("[outbound]\nslip = 1\n")?;
    let documented = names(&rows(&page, "Requests to servers"), 0);
    ensure!(known == documented, "program {known:?}, page {documented:?}");
    let known = known_keys("[assistant]\nslip = 1\n")?;
    let documented = names(&rows(&page, "The assistant"), 0);
    ensure!(known == documented, "program {known:?}, page {documented:?}");
    Ok(())
}

#[test]
fn limits_have_the_defaults_of_the_program() -> anyhow::Result<()> {
    let program = concat!(include_str!("../../src/config.rs"), include_str!("../../src/config/assistant.rs"));
    let plain = program.replace('_', "");
    let page = page()?;
    for row in ["Limits", "Files", "The assistant"].into_iter().flat_map(|section| rows(&page, section)) {
        let (Some(key), Some(default)) = (row.first().and_then(|c| code(c)), row.get(1)) else { continue };
        if default.starts_with('–') {
            continue;
        }
        let (key, default) = (key.replace('_', ""), default.trim_matches('`').replace(',', ""));
        let set = |end: &str| plain.contains(&format!(" {key}: {default}{end}"));
        ensure!(set(",") || set(" }"), "{key} is not {default} in the program");
    }
    Ok(())
}
