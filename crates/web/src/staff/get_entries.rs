//! `GET /conversations/{id}/entries`

use crate::http::body::{Name, Query, Reply, ok};
use crate::http::cursor::sealed;
use crate::http::problem::Answer;
use crate::http::speaker::Staff;
use crate::staff::EntriesQuery;
use serde_json::value::RawValue;
use switchboard_wire::view::Page;

pub(crate) async fn get_entries(
    staff: Staff,
    Name(id): Name,
    Query(query): Query<EntriesQuery>,
) -> Answer<Reply<Page<Box<RawValue>>>> {
    let (call, way) = query.call(id)?;
    Ok(ok(sealed(way, staff.ask(call).await?)))
}
