//! The templates: the examples that the tests run, under another name.

use crate::cli::Language;
use std::path::Path;

/// A file of a template.
pub struct File {
    /// Below the automation's folder.
    pub path: &'static str,
    /// What is in it.
    pub text: String,
}

/// Name, title and description of the examples, which are replaced.
const EXAMPLE: (&str, &str, &str) = ("shout", "Shout", "Says it louder.");

macro_rules! example {
    ($path:literal) => {
        include_str!(concat!("../../../../../examples/", $path))
    };
}

/// The files of an automation of this name.
pub fn files(name: &str, language: Language, sdk: &Path) -> Vec<File> {
    let file = |path, text: &str| File { path, text: named(text, name) };
    match language {
        Language::Python => vec![
            file("automation.py", example!("python/shout.py")),
            file("requirements.txt", example!("python/requirements.txt")),
            file("README.md", &readme(PYTHON)),
        ],
        Language::Node => vec![
            file("automation.mjs", example!("node/shout.mjs")),
            file("package.json", example!("node/package.json")),
            file("README.md", &readme(NODE)),
        ],
        Language::Rust => vec![
            file("src/main.rs", example!("rust/src/main.rs")),
            file("Cargo.toml", &RUST_MANIFEST.replace("SDK", &sdk.to_string_lossy())),
            file("README.md", &readme(RUST)),
        ],
    }
}

/// The text with another name in the place of the example's.
fn named(text: &str, name: &str) -> String {
    let (old, title, about) = EXAMPLE;
    let mut letters = name.chars();
    let new_title: String = letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
    // A type's name has no hyphens.
    let new_type: String = name
        .split(['-', '_'])
        .flat_map(|part| {
            let mut letters = part.chars();
            letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect::<Vec<_>>()
        })
        .collect();
    let new_type = if new_type.starts_with(|c: char| c.is_ascii_digit()) || new_type.is_empty() {
        format!("Automation{new_type}")
    } else {
        new_type
    };
    text.replace(&format!("struct {title}"), &format!("struct {new_type}"))
        .replace(&format!("for {title} "), &format!("for {new_type} "))
        .replace(&format!(", {title})"), &format!(", {new_type})"))
        .replace(&format!("\"{old}\""), &format!("\"{name}\""))
        .replace(&format!("\"{title}\""), &format!("\"{new_title}\""))
        .replace(&format!("{old}-"), &format!("{name}-"))
        .replace(about, &format!("What {new_title} does, in one sentence."))
        .replace("@NAME@", name)
}

fn readme(run: &str) -> String {
    format!(
        "# @NAME@\n\nAn automation of Switchboard: it answers what visitors write. Beside a nats-server and `switchboard serve \
         --nats …`:\n\n```\n{run}\n```\n\nTry it without a visitor: `switchboard turn @NAME@ \"hello\"`. An admin \
         activates it in the console, under *Automations*, within ten seconds of its first start. On a NATS with users, \
         `switchboard automation credentials @NAME@` makes the one that it connects as. Everything that it may be asked \
         and answer is in `docs/automations.md` of Switchboard.\n"
    )
}

const PYTHON: &str = "python3 -m venv .venv\n.venv/bin/pip install -r requirements.txt\nNATS_URL=nats://127.0.0.1:4222 .venv/bin/python automation.py";
const NODE: &str = "npm install\nNATS_URL=nats://127.0.0.1:4222 node automation.mjs";
const RUST: &str = "NATS_URL=nats://127.0.0.1:4222 cargo run";
const RUST_MANIFEST: &str = r#"[package]
name = "automation-@NAME@"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
switchboard-sdk = { path = "SDK" }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_the_example_is_left_and_every_name_makes_a_program() {
        for language in [Language::Python, Language::Node, Language::Rust] {
            for name in ["order-status", "a", "9_lives"] {
                for file in files(name, language, Path::new("/sdk")) {
                    let lower = file.text.to_lowercase();
                    assert!(!lower.contains("shout"), "{}: {}", file.path, file.text);
                    assert!(!file.text.contains("@NAME@"), "{}", file.path);
                }
            }
        }
        let main = &files("order-status", Language::Rust, Path::new("/sdk"))[0];
        assert!(main.text.contains("struct OrderStatus;"), "{}", main.text);
        assert!(main.text.contains("impl Automation for OrderStatus "), "{}", main.text);
        let main = &files("9_lives", Language::Rust, Path::new("/sdk"))[0];
        assert!(main.text.contains("struct Automation9Lives;"), "{}", main.text);
    }
}
