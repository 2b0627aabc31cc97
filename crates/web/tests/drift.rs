//! What is made from the table of routes is kept in the repository; here it is compared.

use std::path::Path;

fn kept(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path))
        .unwrap_or_default()
}

#[test]
fn the_openapi_document_is_the_one_in_the_repository() {
    let same = kept("frontend/openapi.json") == switchboard_web::openapi_json();
    assert!(same, "run: cargo run -p switchboard-web --example openapi > frontend/openapi.json");
}

#[test]
fn the_table_of_roles_is_the_one_in_the_repository() {
    let same = kept("docs/routes.md") == switchboard_web::roles_markdown();
    assert!(same, "run: cargo run -p switchboard-web --example roles > docs/routes.md");
}

/// Every route that the program answers comes from the one table, or is a page or a health check.
#[test]
fn no_route_is_added_elsewhere() {
    let mut strays = Vec::new();
    let allowed = ["api/routes.rs", "pages/mod.rs", "help/mod.rs", "health.rs"];
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a text");
            let adds =
                [".route(", ".nest(", ".route_service(", ".nest_service("].iter().any(|m| text.contains(m));
            if adds && !allowed.iter().any(|end| path.ends_with(end)) {
                strays.push(path);
            }
        }
    }
    assert!(strays.is_empty(), "add these to the table in api/routes.rs: {strays:?}");
    let health = kept("crates/web/src/health.rs");
    assert_eq!(health.matches(".route(").count(), 2, "only /healthz and /readyz are routes of health.rs");
}

#[test]
fn every_route_says_who_may_use_it() {
    let document: serde_json::Value = serde_json::from_str(&switchboard_web::openapi_json()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations = paths.values().flat_map(|item| item.as_object().into_iter().flatten());
    let routes = operations.count();
    let rows = switchboard_web::roles_markdown().lines().filter(|line| line.starts_with("| `")).count();
    assert_eq!(routes, rows, "the document and the table have the same routes");
    for line in switchboard_web::roles_markdown().lines().filter(|line| line.starts_with("| `")) {
        assert!(line.contains("yes"), "nobody may use {line}");
    }
}
