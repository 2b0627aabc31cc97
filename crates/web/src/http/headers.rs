//! Headers that every answer carries: what browsers may do with it, and that personal things are not kept.

use crate::edge::Shared;
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, HeaderValue, REFERRER_POLICY,
    STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS,
};
use tokio::time::Instant;

/// For whatever is no page: nothing in it may run or be framed.
const NO_PAGE: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// A year, as browsers' preload lists want it.
const TLS_ONLY: &str = "max-age=31536000";

/// The policy of our pages (experience.md §6), with those who may frame them.
pub(crate) fn page_policy(frame_ancestors: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; \
         connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors {frame_ancestors}; \
         require-trusted-types-for 'script'; trusted-types svelte-trusted-html"
    )
}

/// Completes every answer, and counts it.
pub(crate) async fn complete(State(edge): State<Shared>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let route = request.extensions().get::<MatchedPath>().map(|path| path.as_str().to_owned());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    absent(headers, X_CONTENT_TYPE_OPTIONS, "nosniff");
    absent(headers, CONTENT_SECURITY_POLICY, NO_PAGE);
    absent(headers, CACHE_CONTROL, "no-store");
    absent(headers, REFERRER_POLICY, "no-referrer");
    absent(headers, HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    absent(headers, HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    if edge.is_https() {
        absent(headers, STRICT_TRANSPORT_SECURITY, TLS_ONLY);
    }
    let route = route.unwrap_or_else(|| "none".into());
    let status = response.status().as_u16().to_string();
    metrics::counter!("switchboard_http_requests_total", "route" => route.clone(), "status" => status)
        .increment(1);
    metrics::histogram!("switchboard_http_seconds", "route" => route).record(started.elapsed().as_secs_f64());
    response
}

fn absent(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.entry(name).or_insert(HeaderValue::from_static(value));
}
