//! `POST /conversations/{id}/watch`

use crate::http::body::{Json, Name, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use switchboard_wire::call::watch::Watch;
use switchboard_wire::view::Conversation;
use utoipa::ToSchema;

/// From where on.
#[derive(Deserialize, ToSchema)]
pub(crate) struct WatchBody {
    /// Entries after this `seq`; without it the newest ones.
    after: Option<i64>,
}

/// What a supervisor sees.
#[derive(Serialize, ToSchema)]
#[schema(as = Watched)]
pub(crate) struct WatchedView {
    /// The state now.
    conversation: Conversation,
    /// In the order of `seq`, notes included.
    #[schema(value_type = Vec<switchboard_wire::view::Entry>)]
    entries: Vec<Box<RawValue>>,
    /// Whether there are more behind these: ask again from there.
    more: bool,
}

pub(crate) async fn watch(
    staff: Staff,
    Name(id): Name,
    Json(body): Json<WatchBody>,
) -> Answer<Reply<WatchedView>> {
    let watched = staff.ask(Watch { id, after: body.after }).await?;
    let (conversation, entries, more) = (watched.conversation, watched.entries, watched.more);
    Ok(ok(WatchedView { conversation, entries, more }))
}
