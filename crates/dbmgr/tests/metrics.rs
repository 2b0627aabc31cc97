//! Every metric that any room counts is documented, and nothing else is.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

use std::collections::BTreeSet;
use std::path::Path;

fn names(text: &str, quote: char, found: &mut BTreeSet<String>) {
    for part in text.split(quote).filter(|part| part.starts_with("switchboard_")) {
        if part.len() > "switchboard_".len() && part.chars().all(|c| c.is_ascii_lowercase() || c == '_') {
            found.insert(part.to_owned());
        }
    }
}

fn walk(folder: &Path, found: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            walk(&path, found);
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            if text.contains("metrics::") || path.ends_with("metric.rs") {
                names(&text, '"', found);
            }
        }
    }
}

#[test]
fn metrics_and_their_documentation_agree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut counted = BTreeSet::new();
    for room in std::fs::read_dir(root.join("crates")).unwrap() {
        walk(&room.unwrap().path().join("src"), &mut counted);
    }
    let mut documented = BTreeSet::new();
    names(&std::fs::read_to_string(root.join("docs/metrics.md")).unwrap(), '`', &mut documented);
    assert!(counted.len() > 20);
    assert_eq!(counted, documented);
}
