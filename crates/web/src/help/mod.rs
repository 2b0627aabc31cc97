//! The public help pages: articles that can be read and searched without signing in and without scripts.

mod markdown;
mod page;
mod words;

use crate::edge::Shared;
use crate::http::body::Query;
use crate::http::problem::{Answer, Refused};
use crate::http::speaker::Anyone;
use crate::pages::{SHORTLY, matches};
use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{
    ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH,
    VARY,
};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use switchboard_domain::article::QUERY_CHARS;
use switchboard_wire::call::article::{GetHelp, ListHelp, SearchArticles};
use switchboard_wire::{Credential, Problem};
use words::Words;

/// Nothing runs, nothing is framed, nothing comes from elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";
const STYLE: &str = include_str!("style.css");
/// Hits shown for a question.
const HITS: i64 = 10;

/// The pages.
pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/help", get(home))
        .route("/help/", get(home))
        .route("/help/{slug}", get(article))
        .route("/help.css", get(style))
}

#[derive(Deserialize)]
struct HelpQuery {
    q: Option<String>,
}

async fn style() -> Response {
    let kind = HeaderValue::from_static("text/css; charset=utf-8");
    ([(CONTENT_TYPE, kind), (CACHE_CONTROL, HeaderValue::from_static(SHORTLY))], STYLE).into_response()
}

async fn home(anyone: Anyone, Query(query): Query<HelpQuery>, headers: HeaderMap) -> Answer<Response> {
    let edge = &anyone.edge;
    edge.admit_reader(anyone.address)?;
    let locale = locale(&headers);
    let words = Words::of(&locale);
    let q: String = query.q.unwrap_or_default().trim().chars().take(QUERY_CHARS).collect();
    let (revision, body) = if q.is_empty() {
        let index = edge.ask(Credential::Component, ListHelp {}).await?;
        (index.revision, page::index(words, &index.articles))
    } else {
        let search = SearchArticles { query: q.clone(), locale: Some(locale.clone()), limit: HITS };
        let found = edge.ask(Credential::Component, search).await?;
        (found.revision, page::found(words, &q, &found.hits))
    };
    // What is found depends on the language too, not the words around it alone.
    let tag = tag(&format!("{revision}-{locale}"));
    let canonical = q.is_empty().then(|| format!("{}/help", edge.origins.public().text()));
    let whole = page::whole(words, words.code, words.title, canonical.as_deref(), &q, &body);
    Ok(answer(&headers, &tag, whole))
}

async fn article(anyone: Anyone, Path(slug): Path<String>, headers: HeaderMap) -> Answer<Response> {
    let edge = &anyone.edge;
    edge.admit_reader(anyone.address)?;
    let found = match edge.ask(Credential::Component, GetHelp { slug }).await {
        Ok(found) => found,
        Err(failure) if failure.problem == Problem::NotFound => return Ok(missing(&headers)),
        Err(failure) => return Err(Refused(failure)),
    };
    let words = Words::of(&found.language);
    let canonical = format!("{}/help/{}", edge.origins.public().text(), found.slug);
    let body = page::article(words, &found);
    // Versions begin anew with another article at the same address.
    let tag = tag(&format!("{}-{}-{}", found.slug, found.version, found.updated_at));
    let whole = page::whole(words, &found.language, &found.title, Some(&canonical), "", &body);
    Ok(answer(&headers, &tag, whole))
}

fn missing(headers: &HeaderMap) -> Response {
    let words = Words::of(&locale(headers));
    let whole = page::whole(words, words.code, words.missing, None, "", &page::missing(words));
    let mut response = answer(&HeaderMap::new(), "", whole);
    response.headers_mut().remove(ETAG);
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

/// A strong tag: what the page is made of, and which program has made it.
fn tag(of: &str) -> String {
    format!("\"{of}-{}\"", env!("CARGO_PKG_VERSION"))
}

fn answer(request: &HeaderMap, tag: &str, page: String) -> Response {
    let mut headers = HeaderMap::new();
    let same = request.get_all(IF_NONE_MATCH).iter().any(|value| matches(value, tag));
    if let Ok(tag) = HeaderValue::from_str(tag) {
        headers.insert(ETAG, tag);
    }
    headers.insert(VARY, HeaderValue::from_static("accept-language"));
    // Asked for again each time: what is taken back is gone at once.
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    if same {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    (headers, page).into_response()
}

/// The language that the browser likes best.
fn locale(headers: &HeaderMap) -> String {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';']).next().unwrap_or_default().trim();
    if switchboard_domain::article::language(first).is_ok() { first.to_owned() } else { "en".into() }
}
