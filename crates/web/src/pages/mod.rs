//! Pages, scripts and style sheets: what the front end's build left in `frontend/dist`, inside the program.

mod encoding;
mod files;
mod serve;

pub(crate) use serve::matches;

use crate::edge::Shared;
use crate::http::headers::page_policy;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue};

/// Hashed names: what is there never changes.
const FOR_EVER: &str = "public, max-age=31536000, immutable";
/// The loader keeps its name: five minutes, and a day in which the old one does while the new one is fetched.
pub(crate) const SHORTLY: &str = "public, max-age=300, stale-while-revalidate=86400";
/// Pages are asked for again each time, by their ETag.
const ASK_AGAIN: &str = "no-cache";

/// Everything that is not the interface.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/", get(home))
        .route("/chat", get(chat))
        .route("/chat/", get(chat))
        .route("/console", get(console))
        .route("/console/", get(console))
        .route("/console/{*rest}", get(console))
        .route("/widget.js", get(widget))
        .route("/assets/{*name}", get(asset))
}

async fn home(headers: HeaderMap) -> Response {
    page("chat.html", &headers, "'none'")
}

/// The one page that other sites may frame.
async fn chat(State(edge): State<Shared>, headers: HeaderMap) -> Response {
    let sites = edge.origins.sites().iter();
    let ancestors = sites.fold("'self'".to_owned(), |all, site| all + " " + &site.text());
    page("chat.html", &headers, &ancestors)
}

async fn console(headers: HeaderMap) -> Response {
    page("console.html", &headers, "'none'")
}

async fn widget(headers: HeaderMap) -> Response {
    let mut response = serve::file("widget.js", &headers, SHORTLY);
    let everywhere = HeaderValue::from_static("cross-origin");
    response.headers_mut().insert(HeaderName::from_static("cross-origin-resource-policy"), everywhere);
    response
}

async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    serve::file(&format!("assets/{name}"), &headers, FOR_EVER)
}

fn page(name: &str, request: &HeaderMap, frame_ancestors: &str) -> Response {
    let mut response = serve::file(name, request, ASK_AGAIN);
    if response.headers().get(CACHE_CONTROL).is_some_and(|value| value == ASK_AGAIN) {
        // Sites are origins that we wrote out ourselves, so this is a header value.
        if let Ok(policy) = HeaderValue::from_str(&page_policy(frame_ancestors)) {
            response.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
        }
    }
    response
}
