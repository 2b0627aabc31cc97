//! The pages: there, safe, cached as they should be, and never instead of an error.

use anyhow::{Context, ensure};
use http::Method;
use switchboard_testkit::{Shape, System, on_shapes};

on_shapes!(Embedded: [served_with_the_headers_of_safety]);

async fn served_with_the_headers_of_safety(shape: Shape) -> anyhow::Result<()> {
    let system = System::start(shape).await?;
    let http = system.http();
    let built =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist/console.html").is_file();
    for path in ["/", "/chat", "/chat/", "/console", "/console/", "/console/agents"] {
        let page = http.raw(Method::GET, path, None).await?;
        if !built {
            // Without a built front end the pages say so; `make run` and `make test` always build it.
            ensure!(
                page.status == 503 && String::from_utf8_lossy(&page.text).contains("npm"),
                "{path}: {}",
                page.status
            );
            continue;
        }
        ensure!(page.status == 200, "{path}: {}", page.status);
        let header =
            |name: &str| page.header(name).map(str::to_owned).with_context(|| format!("{path}: no {name}"));
        let policy = header("content-security-policy")?;
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "require-trusted-types-for 'script'",
            "base-uri 'none'",
        ] {
            ensure!(policy.contains(part), "{path}: {policy}");
        }
        ensure!(!policy.contains("unsafe"), "{path}: {policy}");
        ensure!(header("x-content-type-options")? == "nosniff");
        ensure!(header("cache-control")?.contains("no-cache") && header("etag").is_ok(), "{path}");
        ensure!(
            header("content-type")?.starts_with("text/html") && header("content-type")?.contains("utf-8")
        );
        let text = String::from_utf8_lossy(&page.text).into_owned();
        ensure!(!text.contains("<style") && !text.contains(" onload="), "{path}: something inline");
        for asset in text.split('"').filter(|part| part.starts_with("/assets/")) {
            let asset = http.raw(Method::GET, asset, None).await?;
            ensure!(asset.status == 200, "{:?}", asset.headers);
            ensure!(
                asset.header("cache-control").is_some_and(|value| value.contains("immutable")),
                "{:?}",
                asset.headers
            );
        }
    }
    for unknown in ["/assets/nothing-12345678.js", "/nothing", "/assets/../Cargo.toml", "/api/v2/session"] {
        ensure!(http.raw(Method::GET, unknown, None).await?.status == 404, "{unknown}");
    }
    Ok(())
}
