//! `POST /guides/try`

use crate::http::body::{Json, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::Deserialize;
use std::collections::BTreeMap;
use switchboard_wire::call::guide::{Tried, TryGuide};
use utoipa::ToSchema;

/// A turn of a dry run.
#[derive(Deserialize, ToSchema)]
pub(crate) struct TryBody {
    /// The steps.
    steps: Vec<serde_json::Value>,
    /// As the turn before answered it; none begins.
    state: Option<String>,
    /// What the visitor says.
    text: String,
    /// What is known of the visitor, `name` and `email` among it.
    #[serde(default)]
    known: BTreeMap<String, String>,
    /// The visitor's language.
    locale: Option<String>,
    /// The visitor's page.
    page: Option<String>,
    /// No web hook is called: whether they are taken to fail.
    #[serde(default)]
    calls_fail: bool,
}

pub(crate) async fn try_guide(staff: Staff, Json(body): Json<TryBody>) -> Answer<Reply<Tried>> {
    let TryBody { steps, state, text, known, locale, page, calls_fail } = body;
    staff.ask(TryGuide { steps, state, text, known, locale, page, calls_fail }).await.map(ok)
}
