//! The table of routes and roles, for people: `docs/routes.md`.

use super::route::ACTORS;
use super::routes::table;

/// The table as Markdown.
#[must_use]
pub fn roles_markdown() -> String {
    let mut text = String::from(
        "# Routes and who may use them\n\n\
         Made from the table in `crates/web/src/api/routes.rs` by `cargo run -p switchboard-web --example roles`;\n\
         a test compares. The check itself happens in the transaction that carries a call out.\n\n\
         | route |",
    );
    for (name, _) in ACTORS {
        text += &format!(" {name} |");
    }
    text += "\n| --- |";
    text += &" :-: |".repeat(ACTORS.len());
    text.push('\n');
    for route in table() {
        text += &format!("| `{} {}` |", route.method, route.full_path());
        for (_, actor) in ACTORS {
            text += if route.allows(actor) { " yes |" } else { " |" };
        }
        text.push('\n');
    }
    text
}
