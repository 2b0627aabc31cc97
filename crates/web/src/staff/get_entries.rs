//! `GET /conversations/{id}/entries`

use crate::http::body::{Name, Query, Reply, ok};
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::EntriesQuery;
use serde_json::value::RawValue;
use switchboard_wire::call::conversation::GetEntries;
use switchboard_wire::view::Page;

pub(crate) async fn get_entries(
    staff: Staff,
    Name(id): Name,
    Query(query): Query<EntriesQuery>,
) -> Answer<Reply<Page<Box<RawValue>>>> {
    let EntriesQuery { after, before, limit } = query;
    staff.ask(GetEntries { id, after, before, limit }).await.map(ok)
}
