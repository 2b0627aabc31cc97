//! Says at compile time when the program will have no pages.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist");
    println!("cargo:rerun-if-changed={}", dist.display());
    if !dist.join("chat.html").exists() || !dist.join("console.html").exists() {
        println!(
            "cargo:warning=the front end is not built: pages will answer 503. `make run` builds it first."
        );
    }
}
